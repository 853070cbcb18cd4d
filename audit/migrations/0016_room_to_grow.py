"""Counts that grow leave room in their pages, so that a new version lies beside the old one and no
index learns of it; what passes through the queue is cleared away by its number, not by its share.

Pages that are full already stay as they are.
"""

from django.db import migrations

from ._postgresql import PostgreSQLMigration

SETTINGS = {
    # An hour's and a day's counts grow with each round while they last.
    "audit_rolluphour": {"fillfactor": "80"},
    "audit_subjectcount": {"fillfactor": "80"},
    # A row an environment, written anew with each round.
    "audit_rolluphead": {"fillfactor": "50"},
    "audit_loghead": {"fillfactor": "50"},
    # In a day far more goes through it than it ever holds.
    "audit_pending": {
        "autovacuum_vacuum_scale_factor": "0",
        "autovacuum_vacuum_threshold": "5000",
    },
}


def _set(table: str, settings: dict[str, str]) -> migrations.RunSQL:
    given = ", ".join(f"{name} = {value}" for name, value in settings.items())
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET ({given})", f"ALTER TABLE {table} RESET ({', '.join(settings)})"
    )


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0015_settings_of_leaves"),)
    operations = tuple(_set(table, settings) for table, settings in SETTINGS.items())
