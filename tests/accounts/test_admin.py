"""A staff user who may change people gives nobody, and themselves least, what they don't have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, ReadToken, User
from accounts.scope import resolve_scope
from accounts.tokens import create_read_token
from environments.models import Environment
from tests.factories import EnvironmentFactory

pytestmark = pytest.mark.django_db
# What somebody needs to look after people.
OWN = (
    "view_user", "add_user", "change_user", "delete_user",
    "add_grant", "change_grant", "delete_grant", "view_grant",
    "view_group", "add_group", "change_group", "delete_group",
    "view_readtoken", "change_readtoken",
)  # fmt: skip
BEYOND = "view_event"


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label__in=("audit", "auth"))


@pytest.fixture(autouse=True)
def environments() -> None:
    for key in ("staging", "prod"):
        EnvironmentFactory(key=key)


@pytest.fixture
def steward() -> User:
    """Looks after people, and sees Staging, and one workspace of Prod."""
    user = User.objects.create_user("steward", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=OWN))
    Grant.objects.create(user=user, environment=Environment.objects.get(key="staging"))
    prod = Environment.objects.get(key="prod")
    Grant.objects.create(user=user, environment=prod, workspace_id="sales")
    return user


@pytest.fixture
def client(steward: User) -> Client:
    one = Client()
    one.force_login(steward)
    return one


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="of-root")


@pytest.fixture
def newcomer() -> User:
    return User.objects.create_user("newcomer", password="x")


def change(client: Client, user: User, **values: Any) -> Any:
    """Send the form of a user as it is, but for these values; grants: (environment, workspace)."""
    grants = values.pop("grants", [])
    form: dict[str, Any] = {
        "username": user.username,
        "email": user.email,
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "groups": [group.pk for group in user.groups.all()],
        "user_permissions": [one.pk for one in user.user_permissions.all()],
        "grants-TOTAL_FORMS": len(grants),
        "grants-INITIAL_FORMS": 0,
    }
    if user.is_staff:
        form["is_staff"] = "on"
    for number, (key, workspace) in enumerate(grants):
        form[f"grants-{number}-user"] = user.pk
        form[f"grants-{number}-environment"] = Environment.objects.get(key=key).pk
        form[f"grants-{number}-workspace_id"] = workspace
    return client.post(f"/admin/accounts/user/{user.pk}/change/", form | values)


class TestGiving:
    def test_what_one_has_can_be_given(self, client: Client, newcomer: User) -> None:
        mine = permission("view_group")
        answer = change(
            client,
            newcomer,
            is_staff="on",
            user_permissions=[mine.pk],
            grants=[("staging", ""), ("prod", "sales")],
        )
        assert answer.status_code == 302, answer.context["errors"]
        newcomer.refresh_from_db()
        assert newcomer.is_staff
        assert newcomer.has_perm("auth.view_group")
        assert set(newcomer.grants.values_list("environment__key", "workspace_id")) == {
            ("staging", None),
            ("prod", "sales"),
        }

    @pytest.mark.parametrize("whom", ["newcomer", "steward"], ids=["another", "oneself"])
    @pytest.mark.parametrize("right", ["is_superuser", "sees_everything"])
    def test_no_flag_that_one_does_not_have(
        self, client: Client, newcomer: User, steward: User, whom: str, right: str
    ) -> None:
        user = {"newcomer": newcomer, "steward": steward}[whom]
        change(client, user, **{right: "on"})
        user.refresh_from_db()
        assert not getattr(user, right)

    @pytest.mark.parametrize("whom", ["newcomer", "steward"], ids=["another", "oneself"])
    def test_no_permission_that_one_does_not_have(
        self, client: Client, newcomer: User, steward: User, whom: str
    ) -> None:
        user = {"newcomer": newcomer, "steward": steward}[whom]
        beyond = permission(BEYOND)
        group = Group.objects.create(name="auditors")
        group.permissions.add(beyond)
        change(client, user, user_permissions=[beyond.pk])
        change(client, user, groups=[group.pk])
        user = User.objects.get(pk=user.pk)
        assert not user.has_perm(f"audit.{BEYOND}")
        assert not user.groups.exists()

    @pytest.mark.parametrize("grant", [("prod", ""), ("prod", "finance")])
    def test_no_sight_that_one_does_not_have(
        self, client: Client, newcomer: User, steward: User, grant: tuple[str, str]
    ) -> None:
        for user in (newcomer, steward):
            before = user.grants.count()
            answer = change(client, user, grants=[grant])
            assert "see it yourself" in answer.content.decode()
            assert user.grants.count() == before

    def test_no_sight_of_the_products_own_log_by_an_environment_of_its_key(
        self, client: Client, steward: User
    ) -> None:
        steward.sees_everything = True
        steward.save()
        steward.user_permissions.add(
            Permission.objects.get(
                codename="add_environment", content_type__app_label="environments"
            )
        )
        values = {"name": "All", "key": "audit-system", "colour": "#0072b2", "position": "9"}
        answer = client.post("/admin/environments/environment/add/", values)
        assert "the product&#x27;s own log" in answer.content.decode()
        assert not resolve_scope(steward).has("audit-system", None)

    def test_no_permission_by_way_of_a_group(self, client: Client, steward: User) -> None:
        group = Group.objects.create(name="ours")
        steward.groups.add(group)
        beyond = permission(BEYOND)
        values = {"name": "ours", "permissions": [beyond.pk]}
        client.post(f"/admin/auth/group/{group.pk}/change/", values)
        client.post("/admin/auth/group/add/", values | {"name": "another"})
        assert not Group.objects.filter(permissions=beyond).exists()


def is_root(user: User) -> None:
    user.is_superuser = True


def sees_more(user: User) -> None:
    user.sees_everything = True


def may_more(user: User) -> None:
    user.user_permissions.add(permission(BEYOND))


def may_more_by_a_group(user: User) -> None:
    group = Group.objects.create(name="auditors")
    group.permissions.add(permission(BEYOND))
    user.groups.add(group)


def was_granted_more(user: User) -> None:
    Grant.objects.create(user=user, environment=Environment.objects.get(key="prod"))


@pytest.mark.parametrize(
    "is_more", [is_root, sees_more, may_more, may_more_by_a_group, was_granted_more]
)
@pytest.mark.parametrize("is_active", [True, False], ids=["active", "inactive"])
class TestSomebodyWithMore:
    @pytest.fixture
    def senior(self, newcomer: User, is_more: Callable[[User], None], is_active: bool) -> User:
        is_more(newcomer)
        newcomer.is_active = is_active
        newcomer.save()
        return newcomer

    def test_is_not_changed(self, client: Client, senior: User) -> None:
        answer = change(client, senior, email="mine@example.org")
        assert answer.status_code == 403
        assert not User.objects.filter(email="mine@example.org").exists()

    def test_keeps_the_password(self, client: Client, senior: User) -> None:
        path = f"/admin/accounts/user/{senior.pk}/password/"
        new = {"usable_password": "true", "password1": "Taken-2026!", "password2": "Taken-2026!"}
        assert client.post(path, new).status_code == 403
        assert User.objects.get(pk=senior.pk).check_password("x")

    def test_is_not_deleted(self, client: Client, senior: User) -> None:
        path = "/admin/accounts/user/"
        assert client.post(f"{path}{senior.pk}/delete/", {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [senior.pk], "post": "yes"}
        client.post(path, chosen)
        assert User.objects.filter(pk=senior.pk).exists()

    def test_keeps_the_tokens(self, client: Client, senior: User) -> None:
        token, _ = create_read_token(user=senior, now=timezone.now())
        client.post(
            f"/admin/accounts/readtoken/{token.pk}/change/",
            {"revoked_at_0": "2026-01-01", "revoked_at_1": "00:00:00"},
        )
        assert ReadToken.objects.get().revoked_at is None


class TestReadTokens:
    def test_that_are_revoked_stay_so(self, root: User) -> None:
        token, _ = create_read_token(user=root, now=timezone.now())
        ReadToken.objects.update(revoked_at=timezone.now())
        client = Client()
        client.force_login(root)
        client.post(
            f"/admin/accounts/readtoken/{token.pk}/change/",
            {"revoked_at_0": "", "revoked_at_1": ""},
        )
        assert ReadToken.objects.get().revoked_at is not None


class TestSuperusers:
    def test_give_anything(self, root: User, newcomer: User) -> None:
        client = Client()
        client.force_login(root)
        answer = change(
            client,
            newcomer,
            is_superuser="on",
            sees_everything="on",
            user_permissions=[permission(BEYOND).pk],
            grants=[("prod", "")],
        )
        assert answer.status_code == 302, answer.context["errors"]
        newcomer.refresh_from_db()
        assert newcomer.is_superuser
        assert newcomer.sees_everything
