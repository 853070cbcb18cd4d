"""What a person sees is what they were given, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Grant, ReadToken, User
from accounts.resolve import resolve_read_token
from accounts.scope import resolve_scope
from accounts.tokens import create_read_token
from audit.contracts import EMPTY_SCOPE, SYSTEM_ENVIRONMENT
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def environments() -> dict[str, object]:
    return {key: EnvironmentFactory(key=key) for key in ("dev", "staging", "prod")}


class TestScopeOf:
    @pytest.mark.usefixtures("environments")
    def test_is_nothing_for_who_was_given_nothing(self) -> None:
        assert resolve_scope(AnonymousUser()) == EMPTY_SCOPE
        assert resolve_scope(User.objects.create_user("new")) == EMPTY_SCOPE

    @pytest.mark.usefixtures("environments")
    def test_is_nothing_for_who_is_no_longer_active(self) -> None:
        gone = User.objects.create_superuser("gone", is_active=False)
        assert resolve_scope(gone) == EMPTY_SCOPE

    @pytest.mark.usefixtures("environments")
    def test_of_a_superuser_has_the_systems_own_log_too(self) -> None:
        everything = resolve_scope(PersonFactory(username="a", auditor=True))
        assert everything.environments == ("dev", "staging", "prod")
        root = resolve_scope(User.objects.create_superuser("root"))
        assert root.environments == ("dev", "staging", "prod", SYSTEM_ENVIRONMENT)

    def test_joins_workspaces_and_a_whole_environment_wins(
        self, environments: dict[str, object]
    ) -> None:
        user = User.objects.create_user("ann")
        for key, workspace in (("dev", "w1"), ("dev", "w2"), ("prod", "w1"), ("prod", None)):
            Grant.objects.create(
                role="auditor", user=user, environment=environments[key], workspace_id=workspace
            )
        scope = resolve_scope(user)
        assert scope.grants == {"dev": frozenset({"w1", "w2"}), "prod": None}
        assert scope.has("dev", "w1")
        assert not scope.has("dev", None)
        assert not scope.has("staging", "w1")


class TestResolveReadToken:
    def test_is_the_active_user_of_a_live_token(self) -> None:
        user = User.objects.create_user("ann")
        row, token = create_read_token(user=user, now=timezone.now())
        assert resolve_read_token(token) == user
        row.refresh_from_db()
        assert row.last_used_at is not None

    @pytest.mark.parametrize("change", ["expired", "revoked", "inactive", "gone"])
    def test_is_nobody_once_the_token_or_its_user_has_ended(self, change: str) -> None:
        user = User.objects.create_user("ann")
        row, token = create_read_token(user=user, now=timezone.now())
        past = timezone.now() - timedelta(seconds=1)
        if change == "expired":
            ReadToken.objects.update(expires_at=past)
        elif change == "revoked":
            ReadToken.objects.update(revoked_at=past)
        elif change == "inactive":
            User.objects.update(is_active=False)
        else:
            row.delete()
        assert resolve_read_token(token) is None
