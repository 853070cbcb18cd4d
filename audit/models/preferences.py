"""How a person likes to read the log."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

DENSITIES = ("compact", "comfortable")


class Preferences(models.Model):
    """What one person chose, on whatever device. Without a row everything is as it comes.

    time_zone: in which times are shown, "" for the installation's
    is_in_utc: times are shown in UTC for now; time_zone is where they go back to
    columns: of the table of events, in order; empty for those that it comes with
    folds: runs of the same actor, type and resource are one row
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    time_zone = models.TextField(default="", blank=True)
    is_in_utc = models.BooleanField(default=False)
    density = models.TextField(default=DENSITIES[0])
    columns = ArrayField(models.TextField(), default=list, blank=True)
    folds = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(density__in=DENSITIES), name="density_is_one_that_there_is"
            ),
        )

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"
