"""Which databases are migrated? PostgreSQL alone, since the tables of the log are its own."""

from typing import Any

from django.db import migrations


class PostgreSQLMigration(migrations.Migration):
    """Leaves a host's other databases alone: `migrate --database` only notes it as done there."""

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return super().apply(project_state, schema_editor, collect_sql)
        return self.mutate_state(project_state, preserve=False)

    def unapply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return super().unapply(project_state, schema_editor, collect_sql)
        return project_state
