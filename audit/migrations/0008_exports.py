"""Exports that are made in the background."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = [
        ("audit", "0007_rejected_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("format", models.TextField()),
                ("query", models.JSONField()),
                ("said", models.TextField()),
                ("state", models.TextField(default="waiting")),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("expected_rows", models.BigIntegerField(null=True)),
                ("rows", models.BigIntegerField(default=0)),
                ("bytes", models.BigIntegerField(default=0)),
                ("last_id", models.UUIDField(null=True)),
                ("sha256", models.TextField(default="")),
                ("error", models.TextField(default="")),
                ("attempts", models.IntegerField(default=0)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-asked_at"], name="audit_export_by_owner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("waiting", "running", "done", "failed", "cancelled"))
                        ),
                        name="audit_export_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True), ("state__in", ("waiting", "running"))
                            ),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("state__in", ("done", "failed", "cancelled")),
                            ),
                            _connector="OR",
                        ),
                        name="audit_export_is_finished_at_a_time",
                    ),
                ],
            },
        ),
    ]
