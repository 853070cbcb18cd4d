"""The days on which a value occurs at all."""

from django.db import models


class ValueDays(models.Model):
    """On which days (in UTC) of a month some event has a value of a facet, or two values.

    value: of which facets, and their numbers (`audit.log.day_values.value_key`)
    month: since January 1970, or that of all (`audit.log.day_values.EVER`); days: a bit for each,
        the lowest for the first; all of them where only the month is kept, or not even that
    Kept by the worker up to the position of the rollups (`RollupHead`), so that a search looks
    only into days that can hold what it wants. A bit may outlive its events, never the reverse;
    none is cleared while a worker runs, for it remembers them (`audit.worker.value_days`).
    """

    pk = models.CompositePrimaryKey("value", "environment", "month")
    value = models.BigIntegerField()
    environment = models.SmallIntegerField()
    month = models.SmallIntegerField()
    days = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.value:x}: {self.month}, {self.days:b}"


class ValueDaysBackfill(models.Model):
    """How far the days of older events are noted: at most one row, which goes with the last.

    reached: events from here on, in the order of ids, are in `ValueDays` as far as they are
        counted; of those before nothing is known of days
    """

    is_only = models.BooleanField(primary_key=True, default=True)
    reached = models.UUIDField()

    def __str__(self) -> str:
        return f"from {self.reached} on"
