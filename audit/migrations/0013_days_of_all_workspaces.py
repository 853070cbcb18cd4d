"""The bars of a year are read from one narrow stretch of an index."""

from django.db import migrations

from ._postgresql import PostgreSQLMigration

INDEX = """
-- How many events of each type were there each day? All of it is in the index: a hundredth of the
-- table's rows, of which a batch changes few.
CREATE INDEX audit_rollupday_of_all_workspaces ON audit_rollupday (environment, day)
    INCLUDE (type, total, success, failure, denied) WHERE all_workspaces
"""
# What was counted long ago stays as it is: looked through soon, it is read from the index alone.
VACUUM = (
    "ALTER TABLE audit_rollupday SET (autovacuum_vacuum_scale_factor = 0.05,"
    " autovacuum_vacuum_insert_scale_factor = 0.05)"
)
RESET = (
    "ALTER TABLE audit_rollupday RESET (autovacuum_vacuum_scale_factor,"
    " autovacuum_vacuum_insert_scale_factor)"
)


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0012_wider_indexes"),)
    operations = (
        migrations.RunSQL(INDEX, "DROP INDEX audit_rollupday_of_all_workspaces"),
        migrations.RunSQL(VACUUM, RESET),
    )
