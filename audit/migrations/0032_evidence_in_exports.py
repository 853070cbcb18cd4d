"""An export says of which environments it has the evidence.

Quick: the table holds what was asked for within seven days.
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = [("audit", "0031_counts_in_arrays")]

    operations = [
        migrations.AddField("export", "evidence_of", models.JSONField(default=list)),
        # Backwards, the older code knows neither format.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM audit_export WHERE format IN ('raw', 'evidence')",
        ),
    ]
