"""The days on which a value occurs at all."""

from django.db import models


class Occurrence(models.Model):
    """A value of a facet, or two values in one event, that some event of a day (in UTC) has.

    kind: which facets, a number of `audit.log.day_values.KINDS`; value: their numbers as one
    Kept by the worker up to the position of the rollups (`RollupHead`), so that a search looks
    only into days that can hold what it wants. A row may outlive its events, never the reverse;
    none is deleted while a worker runs, for it remembers them (`audit.worker.occurrences`).
    """

    pk = models.CompositePrimaryKey("environment", "kind", "value", "day")
    environment = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    value = models.BigIntegerField()
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}, {self.day}"
