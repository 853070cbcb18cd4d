"""A grant: one environment, or one workspace of it, that a person or a group sees."""

from django.conf import settings
from django.db import models

from environments.models import Environment


class Grant(models.Model):
    """One environment, or one workspace of it, that a person sees.

    workspace_id: null for the whole environment, events without a workspace included
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="grants")
    workspace_id = models.CharField(max_length=256, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "environment", "workspace_id"),
                nulls_distinct=False,
                name="grant_is_given_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.environment} {self.workspace_id or ''}".strip()
