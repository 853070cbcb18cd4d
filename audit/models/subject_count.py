"""The events of each subject, by month."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .subject import RESOURCE

DATA_SOURCE = f"{RESOURCE}data_source"
# kind of `Subject` → its number here
COUNTED_KINDS = {"actor": 1, "application": 2, DATA_SOURCE: 3}

# A cell is a number made of a day's (of the month, from 0), a type's and an outcome's (0 for none).
OUTCOME_BITS = 2
TYPE_BITS = 15
DAY_SHIFT = OUTCOME_BITS + TYPE_BITS
MAX_CELL = 2**31 - 1
# In place of a type's number: all types, of days that were counted before types were told apart.
ANY_TYPE = 0


class SubjectCount(models.Model):
    """Events of one month of the installation's zone, by subject and workspace ("" = none).

    kind: of COUNTED_KINDS; month: months since January 1970
    cells: what is counted, in ascending order; sums: events of a cell and of all cells before it,
        so that a stretch of days is one subtraction
    Counted by the worker together with the rollups, up to the same position (`RollupHead`).
    """

    pk = models.CompositePrimaryKey("environment", "kind", "month", "subject_id", "workspace_id")
    environment = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    month = models.SmallIntegerField()
    subject_id = models.TextField()
    workspace_id = models.TextField()
    cells = ArrayField(models.IntegerField())
    sums = ArrayField(models.IntegerField())

    def __str__(self) -> str:
        return f"{self.subject_id}, {self.month}: {self.sums[-1]}"


def subject_cell(day: int, type_: int, outcome: int) -> int:
    """Return the cell of a type on a day of the month, counted from 0."""
    return day << DAY_SHIFT | type_ << OUTCOME_BITS | outcome


def month_number(day: date) -> int:
    """Return the number of the month that a day is in."""
    return (day.year - 1970) * 12 + day.month - 1
