"""Evidence is not taken away by the owner either. Quick: functions, and a trigger for each leaf."""

from importlib import import_module
from pathlib import Path

import sqlparse
from django.db import migrations

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = Path(__file__).with_name("sql")
WALLS = sqlparse.split((SQL / "walls.sql").read_text())
THIN = (SQL / "checkpoints.sql").read_text()
MAKE_LEAVES = import_module("audit.migrations.0015_settings_of_leaves").WITH
SPLIT_LEAVES = next(
    statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    for statement in sqlparse.split((SQL / "split.sql").read_text())
    if "CREATE FUNCTION audit_split_leaves(" in statement
)
ATTACHED = "FOR VALUES IN (%s)',\n            branch, leaf, number);"
GUARDED = f"{ATTACHED}\n        PERFORM audit_guard_leaf(leaf);"
UNDONE = [
    "DROP FUNCTION audit_guard_leaf(text)",
    "DROP FUNCTION audit_keep_evidence() CASCADE",
]


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0033_fewer_indexes_of_subjects"),)
    operations = (
        SchemaSQL(WALLS, UNDONE),
        SchemaSQL(MAKE_LEAVES.replace(ATTACHED, GUARDED), MAKE_LEAVES),
        SchemaSQL(SPLIT_LEAVES.replace(ATTACHED, GUARDED), SPLIT_LEAVES),
        # One function does with and without the wall.
        SchemaSQL(THIN, migrations.RunSQL.noop),
    )
