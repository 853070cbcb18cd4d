"""How each person likes to read the log."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("audit", "0002_partitioned_events"),
    )
    operations = (
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("time_zone", models.TextField(blank=True, default="")),
                ("is_in_utc", models.BooleanField(default=False)),
                ("density", models.TextField(default="compact")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("folds", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("density__in", ("compact", "comfortable"))),
                        name="density_is_one_that_there_is",
                    )
                ],
            },
        ),
    )
