"""Counts of events by hour and by day.

Counted by the worker in the order of positions; what it has not counted yet is added when read
(`RollupHead`). Next to the total stand the three outcomes; what is left of it had none given.
"""

from django.db import models

# In days, for all environments but the system's own.
ALL_ENVIRONMENTS = 0


class _Counts(models.Model):
    environment = models.SmallIntegerField()
    workspace_id = models.TextField()
    type = models.SmallIntegerField()
    total = models.IntegerField()
    success = models.IntegerField()
    failure = models.IntegerField()
    denied = models.IntegerField()

    class Meta:
        abstract = True


class RollupHour(_Counts):
    """Events of one hour, by environment, workspace ("" = none) and type."""

    pk = models.CompositePrimaryKey("environment", "hour", "workspace_id", "type")
    hour = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hour}: {self.total}"


class RollupDay(_Counts):
    """Events of one day of the installation's zone, as a lattice: environment ALL_ENVIRONMENTS
    stands for them together, `all_workspaces` for all workspaces (then workspace_id is "").
    """

    pk = models.CompositePrimaryKey("environment", "day", "all_workspaces", "workspace_id", "type")
    day = models.DateField()
    all_workspaces = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.day}: {self.total}"


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
