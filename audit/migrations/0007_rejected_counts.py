"""What is refused is kept and counted; what was answered under a key is kept whole."""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = [
        ("audit", "0006_compared"),
    ]

    operations = [
        # Nothing was ever stored there before: an unanswered row has no meaning any more.
        migrations.RunSQL(
            "DELETE FROM audit_idempotency WHERE status IS NULL OR answer IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("Idempotency", "status", models.SmallIntegerField()),
        migrations.AlterField("Idempotency", "answer", models.BinaryField()),
        migrations.CreateModel(
            name="RejectedCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sender_id",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sender_id", models.IntegerField()),
                ("day", models.DateField()),
                ("sender", models.TextField(db_default="")),
                ("environment", models.SmallIntegerField()),
                ("total", models.BigIntegerField()),
                ("kept", models.IntegerField()),
                ("kept_bytes", models.BigIntegerField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="rejected",
            options={"verbose_name_plural": "rejected"},
        ),
        migrations.RemoveIndex(
            model_name="rejected",
            name="audit_rejected_by_sender",
        ),
        migrations.AddField("Rejected", "sender", models.TextField(db_default="")),
        migrations.AddField(
            model_name="rejected",
            name="is_cut",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="rejected",
            name="sent_as",
            field=models.TextField(db_default="native"),
        ),
        migrations.AlterField(
            model_name="rejected",
            name="index",
            field=models.IntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="rejected",
            index=models.Index(fields=["sender_id", "id"], name="audit_rejected_by_sender"),
        ),
        migrations.AddIndex(
            model_name="rejected",
            index=models.Index(fields=["environment", "id"], name="audit_rejected_by_env"),
        ),
    ]
