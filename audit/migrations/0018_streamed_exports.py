"""Streamed exports have a row, too: it tells how many events they had, and their hash.

Quick: the table holds what was asked for within seven days.
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

STATES = ("waiting", "running", "done", "failed", "cancelled")
INTERRUPTED = "interrupted"
FINISHED = STATES[2:]


def known(states: tuple[str, ...]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(state__in=states), name="audit_export_state_is_known"
    )


def timed(finished: tuple[str, ...]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(state__in=STATES[:2], finished_at__isnull=True)
        | models.Q(state__in=finished, finished_at__isnull=False),
        name="audit_export_is_finished_at_a_time",
    )


class Migration(PostgreSQLMigration):
    dependencies = [("audit", "0017_begin_anew")]

    operations = [
        *(
            migrations.AddField("export", name, models.BooleanField(default=False))
            for name in ("is_streamed", "has_end_line", "has_bom")
        ),
        migrations.RemoveConstraint("export", "audit_export_state_is_known"),
        migrations.RemoveConstraint("export", "audit_export_is_finished_at_a_time"),
        migrations.AddConstraint("export", known((*STATES, INTERRUPTED))),
        migrations.AddConstraint("export", timed((*FINISHED, INTERRUPTED))),
        # Backwards, the older code would take what was streamed for what it has to make.
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM audit_export WHERE is_streamed"),
    ]
