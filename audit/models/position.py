"""The positions of a receipt's events in its environment's log."""

from django.db import models


class Position(models.Model):
    """The events of a receipt stand at `[first, first + count)`: `first + ordinal` each."""

    submission_id = models.BigIntegerField(primary_key=True)
    environment = models.SmallIntegerField()
    first = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("environment", "first"), name="audit_position_is_given_once"
            ),
            models.CheckConstraint(
                condition=models.Q(first__gte=0, count__gt=0), name="audit_position_holds_events"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}+{self.count}"
