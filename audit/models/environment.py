"""The environments that have a log here, each under a small number."""

from django.db import models
from django.db.models.functions import Now


class Environment(models.Model):
    """One log. The number is what events carry and what partitions are listed by.

    A row is never deleted or renumbered: the log outlives the environment. Names, colours and
    order are the host's (`audit.contracts.EnvironmentInfo`).
    """

    id = models.SmallAutoField(primary_key=True)
    key = models.TextField(unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(key__regex=r"^[a-z0-9][a-z0-9-]{0,62}$"),
                name="audit_environment_key_is_a_slug",
            ),
        )

    def __str__(self) -> str:
        return self.key
