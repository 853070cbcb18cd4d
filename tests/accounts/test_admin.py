"""A staff user who may change people gives nobody, and themselves least, what they don't have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
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
    for key in ("dev", "staging", "prod"):
        EnvironmentFactory(key=key)


@pytest.fixture
def steward() -> User:
    """Looks after people; an auditor of Staging, of one workspace of Prod, of Dev until 2030."""
    user = User.objects.create_user("steward", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=OWN))
    Grant.objects.create(
        role="auditor", user=user, environment=Environment.objects.get(key="staging")
    )
    prod = Environment.objects.get(key="prod")
    Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="sales")
    Grant.objects.create(
        role="auditor",
        user=user,
        environment=Environment.objects.get(key="dev"),
        expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    )
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


def grants_form(
    grants: Sequence[tuple[str, ...]], *, ids: Sequence[int] = (), **to: int
) -> dict[str, Any]:
    """grants: (role, environment, workspace, end), each "" where it isn't given"""
    form: dict[str, Any] = {"grants-TOTAL_FORMS": len(grants), "grants-INITIAL_FORMS": len(ids)}
    for number, (role, key, workspace, end) in enumerate(grants):
        values = {f"{name}": value for name, value in to.items()} | {
            "id": ids[number] if number < len(ids) else "",
            "role": role,
            "environment": Environment.objects.get(key=key).pk if key else "",
            "workspace_id": workspace,
            "expires_at_0": end,
            "expires_at_1": "00:00:00" if end else "",
        }
        form |= {f"grants-{number}-{name}": value for name, value in values.items()}
    return form


def change(client: Client, user: User, **values: Any) -> Any:
    """Send the form of a user as it is, but for these values; grants: see `grants_form`."""
    grants, ids = values.pop("grants", []), values.pop("ids", [])
    form: dict[str, Any] = {
        "username": user.username,
        "email": user.email,
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "groups": [group.pk for group in user.groups.all()],
        "user_permissions": [one.pk for one in user.user_permissions.all()],
    }
    if user.is_staff:
        form["is_staff"] = "on"
    form |= grants_form(grants, ids=ids, user=user.pk)
    return client.post(f"/admin/accounts/user/{user.pk}/change/", form | values)


class TestGiving:
    def test_what_one_has_can_be_given(self, client: Client, newcomer: User) -> None:
        mine = permission("view_group")
        answer = change(
            client,
            newcomer,
            is_staff="on",
            user_permissions=[mine.pk],
            grants=[("auditor", "staging", "", ""), ("auditor", "prod", "sales", "")],
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
    def test_no_flag_that_one_does_not_have(
        self, client: Client, newcomer: User, steward: User, whom: str
    ) -> None:
        user = {"newcomer": newcomer, "steward": steward}[whom]
        change(client, user, is_superuser="on")
        user.refresh_from_db()
        assert not user.is_superuser

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

    @pytest.mark.parametrize(
        "grant",
        [
            pytest.param(("auditor", "prod", "", ""), id="all of an environment"),
            pytest.param(("auditor", "prod", "finance", ""), id="another workspace"),
            pytest.param(("viewer", "", "", ""), id="everywhere"),
            pytest.param(("administrator", "staging", "", ""), id="more abilities"),
            pytest.param(("operator", "staging", "", ""), id="other abilities"),
            pytest.param(("system_auditor", "", "", ""), id="the product's own log"),
            pytest.param(("viewer", "dev", "", ""), id="beyond the end"),
            pytest.param(("viewer", "dev", "", "2031-01-01"), id="for longer"),
        ],
    )
    def test_no_role_that_one_does_not_have(
        self, client: Client, newcomer: User, steward: User, grant: tuple[str, ...]
    ) -> None:
        for user in (newcomer, steward):
            before = user.grants.count()
            answer = change(client, user, grants=[grant])
            assert "have all of it yourself" in answer.content.decode()
            assert user.grants.count() == before

    @pytest.mark.parametrize(
        "grant",
        [
            pytest.param(("viewer", "staging", "", ""), id="less of a role"),
            pytest.param(("auditor", "staging", "sales", ""), id="a part"),
            pytest.param(("auditor", "staging", "", "2031-01-01"), id="for a time"),
            pytest.param(("auditor", "dev", "", "2029-12-31"), id="for less time"),
        ],
    )
    def test_less_can_be_given(
        self, client: Client, newcomer: User, steward: User, grant: tuple[str, ...]
    ) -> None:
        answer = change(client, newcomer, grants=[grant])
        assert answer.status_code == 302, answer.context["errors"]
        made = newcomer.grants.get()
        assert made.role == grant[0]
        assert made.given_by == steward

    def test_no_end_is_put_off_beyond_ones_own(
        self, client: Client, newcomer: User, steward: User
    ) -> None:
        ended = Grant.objects.create(
            role="auditor",
            user=newcomer,
            environment=Environment.objects.get(key="dev"),
            expires_at=timezone.now() - timedelta(days=1),
        )
        for end, status in (("2031-01-01", 200), ("2029-12-31", 302)):
            answer = change(client, newcomer, grants=[("auditor", "dev", "", end)], ids=[ended.pk])
            assert answer.status_code == status
        ended.refresh_from_db()
        assert ended.expires_at is not None
        assert ended.expires_at.year == 2029

    def test_no_role_by_way_of_a_group(self, client: Client, steward: User) -> None:
        """Neither by joining one that has more, nor by giving more to one's own."""
        senior = Group.objects.create(name="seniors")
        Grant.objects.create(role="auditor", group=senior)
        change(client, steward, groups=[senior.pk])
        assert not steward.groups.exists()
        ours = Group.objects.create(name="ours")
        steward.groups.add(ours)
        for grant in (("administrator", "staging", "", ""), ("auditor", "prod", "", "")):
            form = {"name": "ours"} | grants_form([grant], group=ours.pk)
            answer = client.post(f"/admin/auth/group/{ours.pk}/change/", form)
            assert "have all of it yourself" in answer.content.decode()
        form = {"name": "ours"} | grants_form([("viewer", "staging", "", "")], group=ours.pk)
        assert client.post(f"/admin/auth/group/{ours.pk}/change/", form).status_code == 302
        assert [grant.role for grant in ours.grants.all()] == ["viewer"]

    def test_a_group_with_more_is_not_changed(self, client: Client) -> None:
        senior = Group.objects.create(name="seniors")
        Grant.objects.create(role="auditor", group=senior)
        path = f"/admin/auth/group/{senior.pk}"
        assert client.post(f"{path}/change/", {"name": "mine"}).status_code == 403
        assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
        assert Group.objects.filter(name="seniors").exists()

    def test_no_sight_of_the_products_own_log_by_an_environment_of_its_key(
        self, client: Client, steward: User
    ) -> None:
        Grant.objects.create(role="auditor", user=steward)
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
    Grant.objects.create(role="auditor", user=user)


def has_another_role(user: User) -> None:
    staging = Environment.objects.get(key="staging")
    Grant.objects.create(role="operator", user=user, environment=staging)


def has_it_for_longer(user: User) -> None:
    Grant.objects.create(role="viewer", user=user, environment=Environment.objects.get(key="dev"))


def is_in_a_group_with_more(user: User) -> None:
    group = Group.objects.create(name="granted")
    Grant.objects.create(role="auditor", group=group)
    user.groups.add(group)


def may_more(user: User) -> None:
    user.user_permissions.add(permission(BEYOND))


def may_more_by_a_group(user: User) -> None:
    group = Group.objects.create(name="auditors")
    group.permissions.add(permission(BEYOND))
    user.groups.add(group)


def was_granted_more(user: User) -> None:
    Grant.objects.create(role="auditor", user=user, environment=Environment.objects.get(key="prod"))


@pytest.mark.parametrize(
    "is_more",
    [
        is_root,
        sees_more,
        has_another_role,
        has_it_for_longer,
        is_in_a_group_with_more,
        may_more,
        may_more_by_a_group,
        was_granted_more,
    ],
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
            user_permissions=[permission(BEYOND).pk],
            grants=[("administrator", "", "", ""), ("system_auditor", "", "", "")],
        )
        assert answer.status_code == 302, answer.context["errors"]
        newcomer.refresh_from_db()
        assert newcomer.is_superuser
        assert newcomer.grants.count() == 2
