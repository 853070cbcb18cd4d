"""What sealing keeps: hashes of tiles, the keys that sign, alarms.

Quick: no row was ever in the table that goes.
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0024_maintenance"),)
    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("environment", models.SmallIntegerField(null=True)),
                ("kind", models.TextField()),
                ("message", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("cleared_by", models.TextField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("public", models.BinaryField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TileHash",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "epoch",
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("epoch", models.IntegerField()),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.DeleteModel(
            name="Tile",
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)),
                fields=("kind", "environment", "message"),
                name="audit_alarm_is_raised_once",
                nulls_distinct=False,
            ),
        ),
    ]
