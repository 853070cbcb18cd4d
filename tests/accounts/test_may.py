"""What a person may do is what their roles and their groups' say, there, until they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.may import may
from accounts.models import Grant, User
from accounts.roles import ABILITIES, ADMINISTRATOR, ROLES
from accounts.scope import resolve_scope
from audit.contracts import EMPTY_SCOPE, INSTALLATION, SYSTEM_ENVIRONMENT, Scope
from environments.models import Environment
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def environments() -> dict[str, Environment]:
    return {key: EnvironmentFactory(key=key) for key in ("dev", "staging", "prod")}


def abilities(user: User, environment: str) -> set[str]:
    """Of the person as they are now."""
    user = User.objects.get(pk=user.pk)
    return {ability for ability in ABILITIES if may(user, ability, environment)}


class TestMay:
    @pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))
    def test_is_what_the_role_says_everywhere_it_is_given(self, role: object) -> None:
        assert isinstance(role, type(ADMINISTRATOR))
        user = PersonFactory()
        Grant.objects.create(role=role.key, user=user)
        here = SYSTEM_ENVIRONMENT if role.is_of_system else "prod"
        assert abilities(user, here) == role.abilities - {"health", "system_log"}
        assert ("system_log" in role.abilities) == (SYSTEM_ENVIRONMENT in _scope(user).grants)
        assert abilities(user, "nowhere") == set()

    def test_is_bound_to_an_environment(self, environments: dict[str, Environment]) -> None:
        user = PersonFactory()
        Grant.objects.create(role="administrator", user=user, environment=environments["staging"])
        assert "keys" in abilities(user, "staging")
        for other in ("prod", SYSTEM_ENVIRONMENT, INSTALLATION):
            assert abilities(user, other) == set()

    def test_of_a_workspace_is_what_is_of_events(
        self, environments: dict[str, Environment]
    ) -> None:
        user = PersonFactory()
        Grant.objects.create(
            role="administrator", user=user, environment=environments["prod"], workspace_id="w1"
        )
        assert abilities(user, "prod") == {"read", "personal", "export", "verify"}

    def test_covers_all_that_is_seen_there(self, environments: dict[str, Environment]) -> None:
        """Who exports one workspace and reads another exports nothing of both."""
        user = PersonFactory()
        prod = environments["prod"]
        Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="w1")
        assert "export" in abilities(user, "prod")
        Grant.objects.create(role="viewer", user=user, environment=prod, workspace_id="w2")
        assert abilities(user, "prod") == {"read"}
        Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="w2")
        assert "export" in abilities(user, "prod")
        Grant.objects.create(role="viewer", user=user, environment=prod)
        assert abilities(user, "prod") == {"read"}

    def test_comes_by_a_group_and_goes_with_it(self) -> None:
        user, group = PersonFactory(), Group.objects.create(name="auditors")
        Grant.objects.create(role="auditor", group=group)
        assert abilities(user, "prod") == set()
        user.groups.add(group)
        assert "export" in abilities(user, "prod")
        assert _scope(user).environments == ("dev", "staging", "prod")
        user.groups.clear()
        assert abilities(user, "prod") == set()

    def test_ends_when_it_was_to(self) -> None:
        user = PersonFactory()
        now = timezone.now()
        grant = Grant.objects.create(role="auditor", user=user, expires_at=now + timedelta(hours=1))
        assert "export" in abilities(user, "prod")
        Grant.objects.filter(pk=grant.pk).update(expires_at=now - timedelta(seconds=1))
        assert abilities(user, "prod") == set()
        assert _scope(user) == EMPTY_SCOPE

    def test_holds_in_what_comes_later(self) -> None:
        user = PersonFactory()
        Grant.objects.create(role="operator", user=user)
        EnvironmentFactory(key="qa")
        assert "keys" in abilities(user, "qa")

    def test_of_a_role_that_is_no_more_is_nothing(self) -> None:
        user = PersonFactory()
        Grant.objects.create(role="warden", user=user)
        assert abilities(user, "prod") == set()

    def test_is_everything_for_superusers_and_nothing_for_nobody(self) -> None:
        root = PersonFactory(superuser=True)
        assert abilities(root, INSTALLATION) == set(ABILITIES)
        assert "read" in abilities(root, SYSTEM_ENVIRONMENT)
        gone = PersonFactory(superuser=True, is_active=False)
        assert abilities(gone, "prod") == abilities(gone, INSTALLATION) == set()
        assert not may(AnonymousUser(), "read", "prod")

    def test_gives_an_operator_no_events(self) -> None:
        user = PersonFactory()
        Grant.objects.create(role="operator", user=user)
        assert _scope(user) == EMPTY_SCOPE
        assert not abilities(user, "prod") & {"read", "personal", "export", "evidence", "verify"}

    def test_has_keys_by_a_permission_where_all_is_seen(
        self, environments: dict[str, Environment]
    ) -> None:
        user = PersonFactory()
        user.user_permissions.add(Permission.objects.get(codename="add_ingestkey"))
        Grant.objects.create(role="viewer", user=user, environment=environments["dev"])
        assert "keys" in abilities(user, "dev")
        assert "keys" not in abilities(user, "prod")


class TestGrant:
    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({"user": None}, id="to nobody"),
            pytest.param({"group": True}, id="to both"),
            pytest.param({"workspace_id": "w1"}, id="a workspace of no environment"),
            pytest.param({"role": "system_auditor", "environment": True}, id="a part of our log"),
        ],
    )
    def test_makes_sense(
        self, environments: dict[str, Environment], values: dict[str, object]
    ) -> None:
        known = {"group": Group.objects.create(name="g"), "environment": environments["dev"]}
        given = {name: known[name] if value is True else value for name, value in values.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**{"user": PersonFactory(), "role": "viewer", **given})


class TestPermission:
    """In the Django admin roles hold, too, each in its environments."""

    def test_is_opened_by_an_ability_in_its_environment(
        self, environments: dict[str, Environment]
    ) -> None:
        user = PersonFactory()
        Grant.objects.create(role="operator", user=user, environment=environments["dev"])
        assert user.has_perm("environments.change_ingestkey")
        assert user.has_perm("environments.change_ingestkey", environments["dev"])
        assert not user.has_perm("environments.change_ingestkey", environments["prod"])
        assert not user.has_perm("environments.add_environment")
        assert not user.has_perm("accounts.change_user")
        assert user.has_module_perms("environments")
        assert not user.has_module_perms("accounts")

    def test_given_by_itself_holds_everywhere(self, environments: dict[str, Environment]) -> None:
        user = PersonFactory()
        user.user_permissions.add(Permission.objects.get(codename="change_ingestkey"))
        assert user.has_perm("environments.change_ingestkey", environments["prod"])

    def test_of_the_whole_wants_a_role_everywhere(self) -> None:
        user = PersonFactory()
        Grant.objects.create(role="operator", user=user)
        assert user.has_perm("environments.add_environment")


def _scope(user: User) -> Scope:
    return resolve_scope(User.objects.get(pk=user.pk))
