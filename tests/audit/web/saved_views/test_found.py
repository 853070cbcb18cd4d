"""A view keeps what an address says, for its owner, and leads nowhere else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.contracts import EMPTY_SCOPE, Scope
from audit.models import SavedView
from audit.web.saved_views.built_in import built_in_views
from audit.web.saved_views.found import (
    MAX_SHARED,
    MAX_VIEWS,
    BadView,
    checked_address,
    default_address,
    delete_view,
    list_views,
    save_view,
)
from tests.factories import EnvironmentFactory

pytestmark = pytest.mark.django_db
ALL = Scope(grants={"dev": None, "prod": None, "audit-system": None})
PROD = Scope(grants={"prod": None})
SALES = Scope(grants={"prod": frozenset({"sales"})})
DEV = Scope(grants={"dev": None})


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


def give(user: User, key: str) -> None:
    """Let them see an environment, which is made."""
    environment = EnvironmentFactory(key=key)
    Grant.objects.create(role="auditor", user=user, environment=environment)


class TestSaveView:
    def test_keeps_filters_and_leaves_the_place_in_the_pages(self, ann: User) -> None:
        save_view(
            ann, scope=ALL, name=" My  view ", address="/events/?type=A&cursor=x&type=B&from=-7d"
        )
        (view,) = list_views(ann, scope=ALL).own
        assert (view.name, view.address) == ("My view", "/events/?type=A&type=B&from=-7d")

    def test_replaces_the_view_of_the_same_name(self, ann: User) -> None:
        save_view(ann, scope=ALL, name="v", address="/events/?type=A", is_pinned=True)
        save_view(ann, scope=ALL, name="v", address="/events/?type=B")
        (view,) = list_views(ann, scope=ALL).own
        assert (view.address, view.is_pinned) == ("/events/?type=B", False)

    def test_lets_one_open_first(self, ann: User, ben: User) -> None:
        save_view(ann, scope=ALL, name="a", address="/events/?type=A", is_default=True)
        save_view(ann, scope=ALL, name="b", address="/events/?type=B", is_default=True)
        assert default_address(ann) == "/events/?type=B"
        assert default_address(ben) is None

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\u202eb", "a\0b"])
    def test_refuses_a_name_that_cant_be_read(self, ann: User, name: str) -> None:
        with pytest.raises(BadView, match="name"):
            save_view(ann, scope=ALL, name=name, address="/events/")


class TestCheckedAddress:
    @pytest.mark.parametrize(
        "address",
        [
            "https://example.org/events/",
            "//example.org/events/",
            "javascript:alert(1)",
            "/admin/",
            "/logout/",
            "events/",
            "",
            "/events/../admin/",
        ],
    )
    def test_refuses_what_leads_elsewhere(self, address: str) -> None:
        with pytest.raises(BadView):
            checked_address(address)

    def test_refuses_what_is_too_long(self) -> None:
        with pytest.raises(BadView, match="too many filters"):
            checked_address("/events/?q=" + "x" * 5000)


class TestListViews:
    def test_shows_others_what_is_shared_alone(self, ann: User, ben: User) -> None:
        save_view(ann, scope=ALL, name="mine", address="/events/")
        save_view(ann, scope=ALL, name="ours", address="/events/?type=A", is_shared=True)
        found = list_views(ben, scope=ALL)
        assert [view.name for view in found.shared] == ["ours"]
        assert found.own == ()

    @pytest.mark.parametrize(
        ("query", "owner", "seen_by"),
        [
            pytest.param(
                "type=A&from=-7d&exclude_outcome=success", ALL, "all prod sales dev", id="words"
            ),
            pytest.param("", EMPTY_SCOPE, "all prod sales dev", id="nothing"),
            pytest.param("type=A&environment=prod", ALL, "all prod", id="words of one"),
            pytest.param("actor=ben&environment=prod", DEV, "all prod", id="of what is named"),
            pytest.param("actor=ben", ALL, "all", id="of all that its owner sees"),
            pytest.param("exclude_actor=ben", PROD, "all prod", id="shut out"),
            pytest.param("q=ben", PROD, "all prod", id="of words"),
            pytest.param("key=a", SALES, "all prod sales", id="of a workspace"),
            pytest.param(
                "actor=ben&environment=prod&workspace=sales", PROD, "all prod sales", id="named one"
            ),
            pytest.param("environment=prod&workspace=ops", PROD, "all prod", id="another"),
            pytest.param("environment=prod&environment=dev", ALL, "all", id="of two"),
            pytest.param("environment=audit-system", ALL, "all", id="of the log itself"),
        ],
    )
    def test_shares_it_with_those_who_see_what_it_is_about(
        self, ann: User, ben: User, query: str, owner: Scope, seen_by: str
    ) -> None:
        save_view(ann, scope=owner, name="v", address=f"/events/?{query}", is_shared=True)
        scopes = {"all": ALL, "prod": PROD, "sales": SALES, "dev": DEV, "none": EMPTY_SCOPE}
        found = [name for name, scope in scopes.items() if list_views(ben, scope=scope).shared]
        assert " ".join(found) == seen_by

    def test_lets_nobody_crowd_the_others_out(self, ann: User, ben: User) -> None:
        for name in ("eve", "eva"):
            owner = User.objects.create_user(name)
            SavedView.objects.bulk_create(
                SavedView(owner=owner, name=f" {number}", address="/events/", is_shared=True)
                for number in range(MAX_VIEWS)
            )
        save_view(ann, scope=ALL, name="mine", address="/events/")
        save_view(ben, scope=ALL, name="ours", address="/events/", is_shared=True)
        found = list_views(ann, scope=ALL)
        assert [view.name for view in found.own] == ["mine"]
        assert "ours" in [view.name for view in found.shared]
        assert (len(found.shared), found.has_more) == (MAX_SHARED, True)

    def test_deletes_nobody_elses(self, ann: User, ben: User) -> None:
        view = save_view(ann, scope=ALL, name="ours", address="/events/", is_shared=True)
        assert not delete_view(ben, view.id)
        assert delete_view(ann, view.id)


class TestPage:
    @pytest.fixture
    def client(self, ann: User) -> Client:
        client = Client()
        client.force_login(ann)
        return client

    def test_saves_and_goes_back_to_the_search(self, client: Client) -> None:
        given = {"name": "v", "address": "/events/?type=A", "then": "stay", "is_shared": "1"}
        answer = client.post("/views/", given)
        assert (answer.status_code, answer["Location"]) == (302, "/events/?type=A")
        assert "v" in client.get("/views/").content.decode()

    def test_says_what_is_wrong(self, client: Client) -> None:
        answer = client.post("/views/", {"name": "v", "address": "https://example.org/"})
        assert answer.status_code == 400
        assert "can be saved as a view" in answer.content.decode()

    def test_offers_nothing_to_those_who_see_nothing(self, client: Client, ben: User) -> None:
        save_view(ben, scope=ALL, name="ours", address="/events/?actor=carl", is_shared=True)
        for path in ("/views/", "/events/"):
            page = client.get(path).content.decode()
            for word in ("carl", ">ours<", "Deletions"):
                assert word not in page

    def test_has_those_that_come_with_the_product(self, client: Client, ann: User) -> None:
        give(ann, "staging")
        page = client.get("/views/").content.decode()
        for name in ("Deletions", "Permission changes", "Failed sign-ins", "New countries"):
            assert name in page

    def test_hides_that_a_view_of_another_is_there(self, client: Client, ben: User) -> None:
        view = save_view(ben, scope=ALL, name="b", address="/events/")
        assert client.post(f"/views/{view.id}/delete/").status_code == 404
        assert client.post("/views/0/delete/").status_code == 404


class TestBuiltInViews:
    @pytest.mark.parametrize(
        ("production", "name"),
        [
            ((), "Deletions"),
            (("prod",), "Deletions in Prod"),
            (("prod", "prod-us"), "Deletions in production"),
        ],
    )
    def test_tell_of_deletions_in_production_whatever_the_order(
        self, production: tuple[str, ...], name: str
    ) -> None:
        for key in ("prod", "prod-us", "qa"):
            EnvironmentFactory(key=key, is_production=key in production)
        view = built_in_views(Scope(grants=dict.fromkeys(("prod", "prod-us", "qa"))))[0]
        asked = parse_qs(urlsplit(view.address).query)
        assert (view.name, tuple(asked.get("environment", ()))) == (name, production)

    def test_name_no_environment_that_one_doesnt_see(self) -> None:
        for key in ("staging", "prod"):
            EnvironmentFactory(key=key, is_production=key == "prod")
        assert built_in_views(PROD)[0].name == "Deletions in Prod"
        deletions = built_in_views(Scope(grants={"staging": None}))[0]
        assert deletions.name == "Deletions"
        assert "environment" not in parse_qs(urlsplit(deletions.address).query)
        assert built_in_views(EMPTY_SCOPE) == ()
