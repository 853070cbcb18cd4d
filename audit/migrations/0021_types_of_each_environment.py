"""Each environment may register types of its own, and what had no room is found by its word.

Quick on large tables: whether an environment has events without a type of their own is asked of the
index led by the type. What was registered before belongs to nobody, and takes nobody's room.
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

OVERFLOWED = """
INSERT INTO audit_typeoverflow (environment)
SELECT n.id FROM audit_environment n
WHERE EXISTS (SELECT FROM audit_event e WHERE e.environment = n.id
    AND e.type = (SELECT t.id FROM audit_eventtype t WHERE t.code = '(unregistered)'))
"""


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0020_words_of_names"),)
    operations = (
        migrations.CreateModel(
            name="TypeOverflow",
            fields=[
                ("environment", models.SmallIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.AddField(
            model_name="eventtype",
            name="environment",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="eventtype",
            name="is_elsewhere",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="eventtype",
            index=models.Index(fields=("environment",), name="eventtype_by_environment"),
        ),
        migrations.RunSQL(OVERFLOWED, migrations.RunSQL.noop),
    )
