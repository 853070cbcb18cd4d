"""Old checkpoints are thinned by a rule of the owner's. Quick: a function alone."""

from pathlib import Path

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = (Path(__file__).with_name("sql") / "checkpoints.sql").read_text()


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0028_clear_alarm"),)
    operations = (SchemaSQL(SQL, "DROP FUNCTION audit_thin_checkpoints()"),)
