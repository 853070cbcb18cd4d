"""Which databases are migrated? PostgreSQL alone, since the tables of the log are its own."""

from typing import Any

from django.db import migrations

PINNED = "SET search_path = public, pg_temp"


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


class SchemaSQL(migrations.RunSQL):
    """Functions that are pinned to a schema: in the SQL it is `public`, in the database the one
    where the log is made, which is the first one in the search path of who migrates.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self._in_schema(schema_editor).database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        self._in_schema(schema_editor).database_backwards(app_label, schema_editor, *states)

    def _in_schema(self, schema_editor: Any) -> migrations.RunSQL:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            (schema,) = cursor.fetchone()
        return migrations.RunSQL(_pinned(self.sql, schema), _pinned(self.reverse_sql, schema))


def _pinned(sql: Any, schema: str) -> Any:
    if isinstance(sql, str):
        return sql.replace(PINNED, PINNED.replace("public", schema))
    return [_pinned(one, schema) for one in sql] if isinstance(sql, list) else sql
