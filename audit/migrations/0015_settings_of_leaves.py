"""Leaves of events are only ever added to, and are vacuumed as such.

Their rows are frozen when they are first looked through: they never change, and no later vacuum has
to come back for them, not at a wraparound either. It comes after a twentieth more events instead of
a fifth, since counting inside an index fetches what was not looked through yet.
"""

from pathlib import Path

import sqlparse
from django.db import migrations

from ._postgresql import PostgreSQLMigration, SchemaSQL

SETTINGS = {
    "autovacuum_freeze_min_age": "0",
    "autovacuum_vacuum_insert_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
}
GIVEN = ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())
PARTITIONS = (Path(__file__).with_name("sql") / "partitions.sql").read_text()
WITHOUT = next(
    statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    for statement in sqlparse.split(PARTITIONS)
    if "CREATE FUNCTION audit_make_leaves(" in statement
)
LEAF = "INCLUDING CONSTRAINTS)',\n            leaf, parent)"
WITH = WITHOUT.replace(LEAF, LEAF.replace(")'", f") WITH ({GIVEN})'", 1), 1)
ALL_LEAVES = """
DO $$
DECLARE
    leaf regclass;
BEGIN
    FOR leaf IN
        SELECT t.relid
        FROM (VALUES ('audit_event'), ('audit_event_target')) AS p (name),
            pg_partition_tree(p.name::regclass) t
        WHERE t.isleaf
    LOOP
        EXECUTE format('ALTER TABLE %s {change}', leaf);
    END LOOP;
END $$
"""


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0014_environment_in_indexes"),)
    operations = (
        SchemaSQL(WITH, WITHOUT),
        migrations.RunSQL(
            ALL_LEAVES.replace("{change}", f"SET ({GIVEN})"),
            ALL_LEAVES.replace("{change}", f"RESET ({', '.join(SETTINGS)})"),
        ),
    )
