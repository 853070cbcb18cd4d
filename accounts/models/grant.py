"""A grant: a role that a person or a group has, where, and until when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Now

from accounts.roles import ROLES, SYSTEM_AUDITOR, role_choices
from environments.models import Environment


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self, now: datetime) -> GrantQuerySet:
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now))


class Grant(models.Model):
    """A role of one person or of one group.

    role: a key of `accounts.roles.ROLES`
    environment: null for all, those to come, too
    workspace_id: null for the whole environment, events without a workspace included
    expires_at: from then on it holds no more; null for no end
    given_by: null for whom a command or a migration gave it, or where that person is gone

    States: live; expired (`expires_at` is past)
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="grants",
        null=True,
        blank=True,
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="grants", null=True, blank=True
    )
    role = models.CharField(max_length=32, choices=role_choices)
    environment = models.ForeignKey(
        Environment, on_delete=models.CASCADE, related_name="grants", null=True, blank=True
    )
    workspace_id = models.CharField(max_length=256, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
    )
    given_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(group=None),
                name="grant_is_to_a_person_or_a_group",
            ),
            models.CheckConstraint(
                condition=models.Q(workspace_id=None) | ~models.Q(environment=None),
                name="grant_of_a_workspace_names_its_environment",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=SYSTEM_AUDITOR.key) | models.Q(environment=None),
                name="grant_of_the_products_own_log_names_no_environment",
            ),
            models.UniqueConstraint(
                fields=("user", "group", "role", "environment", "workspace_id"),
                nulls_distinct=False,
                name="grant_is_given_once",
            ),
        )

    def __str__(self) -> str:
        role = ROLES[self.role].label if self.role in ROLES else self.role
        where = f"{self.environment or 'everywhere'} {self.workspace_id or ''}".strip()
        return f"{self.user or self.group}: {role}, {where}"
