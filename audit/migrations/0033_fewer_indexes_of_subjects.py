"""Names are found by their words, so no index by their first letters; nobody asked by a whole
e-mail address or gid, or when a subject was first seen. Each was written anew with every sighting.

Quick: nothing is read or written but the catalogue. To go back, the indexes are made again.
"""

from django.db import migrations

from ._postgresql import PostgreSQLMigration

INDEXES = {
    "audit_subject_by_name_prefix": (
        "audit_subject (environment, kind, name_lower text_pattern_ops)"
    ),
    "audit_subject_by_email": "audit_subject (email) WHERE email IS NOT NULL",
    "audit_subject_by_gid": "audit_subject (gid) WHERE gid IS NOT NULL",
    "audit_ws_subject_by_name": (
        "audit_workspacesubject (environment, workspace_key, kind, name_lower text_pattern_ops)"
    ),
}
# Most rows are of days and months that are over: a tenth of each page is room enough for others.
COUNTS = ("audit_rolluphour", "audit_rollupday", "audit_subjectcount")
MODELS = {"audit_subject": "Subject", "audit_workspacesubject": "WorkspaceSubject"}


def _drop(name: str) -> migrations.SeparateDatabaseAndState:
    model = "WorkspaceSubject" if name.startswith("audit_ws") else "Subject"
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {INDEXES[name]}")
        ],
        state_operations=[migrations.RemoveIndex(model, name)],
    )


def _forget_first_seen(table: str) -> migrations.SeparateDatabaseAndState:
    """Going back, the first time known is the last one."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE {table} DROP COLUMN first_seen",
                [
                    f"ALTER TABLE {table} ADD COLUMN first_seen timestamptz",
                    f"UPDATE {table} SET first_seen = last_seen",  # noqa: S608 (tables of our own)
                    f"ALTER TABLE {table} ALTER COLUMN first_seen SET NOT NULL",
                ],
            )
        ],
        state_operations=[migrations.RemoveField(MODELS[table], "first_seen")],
    )


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0032_evidence_in_exports"),)
    operations = (
        *map(_drop, INDEXES),
        *map(_forget_first_seen, MODELS),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} SET (fillfactor = 90)",
                f"ALTER TABLE {table} SET (fillfactor = 80)",
            )
            for table in COUNTS
        ),
    )
