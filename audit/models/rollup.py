"""Counts of events by hour and by day.

Counted by the worker in the order of positions; what it has not counted yet is added when read
(`RollupHead`). A row holds all counts of a workspace's day, side by side in two arrays: a row for
each of them would take ten times the room.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

# In days, for all environments but the system's own.
ALL_ENVIRONMENTS = 0

# A cell is a number made of a type's, an hour's (in RollupHour) and an outcome's (0 for none).
OUTCOME_BITS = 2
HOUR_BITS = 5


class _Counts(models.Model):
    """Events of one day in one workspace ("" = none), or with `all_workspaces` in all ("" again).

    cells: what is counted, in ascending order; totals: how many of each, side by side with them
    """

    pk = models.CompositePrimaryKey("environment", "all_workspaces", "workspace_id", "day")
    environment = models.SmallIntegerField()
    all_workspaces = models.BooleanField()
    workspace_id = models.TextField()
    day = models.DateField()
    cells = ArrayField(models.IntegerField())
    totals = ArrayField(models.IntegerField())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day}: {sum(self.totals)}"


class RollupHour(_Counts):
    """By hour: cells of type, hour and outcome; days are UTC's."""


class RollupDay(_Counts):
    """By day of the installation's zone: cells of type and outcome. Of all workspaces there are
    rows of ALL_ENVIRONMENTS, too.
    """


class RollupHead(models.Model):
    """Events of an environment at positions `[0, position)` are counted, with days of time_zone.

    zone_rules: a digest of the rules that the zone had then
    """

    environment = models.SmallIntegerField(primary_key=True)
    position = models.BigIntegerField()
    time_zone = models.TextField()
    zone_rules = models.TextField(default="", db_default="")

    def __str__(self) -> str:
        return f"{self.environment}: {self.position}"


def hour_cell(type_: int, hour: int, outcome: int) -> int:
    """Return the cell of a type in an hour of the day (0 to 23)."""
    return (type_ << HOUR_BITS | hour) << OUTCOME_BITS | outcome


def day_cell(type_: int, outcome: int) -> int:
    """Return the cell of a type in a day."""
    return type_ << OUTCOME_BITS | outcome
