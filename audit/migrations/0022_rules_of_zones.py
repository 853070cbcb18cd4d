"""Days remember by which rules of their zone they were counted.

By which those were that are counted already, nobody knows: all but UTC's are counted anew.
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0021_types_of_each_environment"),)
    operations = (
        migrations.AddField(
            model_name="rolluphead",
            name="zone_rules",
            field=models.TextField(db_default="", default=""),
        ),
    )
