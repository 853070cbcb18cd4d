"""A view keeps what an address says, for its owner, and leads nowhere else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from audit.web.built_in_views import built_in_views
from audit.web.saved_views import (
    BadView,
    checked_address,
    default_address,
    delete_view,
    list_views,
    save_view,
)
from environments.directory import create_environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben")


class TestSaveView:
    def test_keeps_filters_and_leaves_the_place_in_the_pages(self, ann: User) -> None:
        save_view(ann, name=" My  view ", address="/events/?type=A&cursor=x&type=B&from=-7d")
        (view,) = list_views(ann).own
        assert (view.name, view.address) == ("My view", "/events/?type=A&type=B&from=-7d")

    def test_replaces_the_view_of_the_same_name(self, ann: User) -> None:
        save_view(ann, name="v", address="/events/?type=A", is_pinned=True)
        save_view(ann, name="v", address="/events/?type=B")
        (view,) = list_views(ann).own
        assert (view.address, view.is_pinned) == ("/events/?type=B", False)

    def test_lets_one_open_first(self, ann: User, ben: User) -> None:
        save_view(ann, name="a", address="/events/?type=A", is_default=True)
        save_view(ann, name="b", address="/events/?type=B", is_default=True)
        assert default_address(ann) == "/events/?type=B"
        assert default_address(ben) is None

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\u202eb", "a\0b"])
    def test_refuses_a_name_that_cant_be_read(self, ann: User, name: str) -> None:
        with pytest.raises(BadView, match="name"):
            save_view(ann, name=name, address="/events/")


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
        save_view(ann, name="mine", address="/events/")
        save_view(ann, name="ours", address="/events/?type=A", is_shared=True)
        found = list_views(ben)
        assert [view.name for view in found.shared] == ["ours"]
        assert found.own == ()

    def test_deletes_nobody_elses(self, ann: User, ben: User) -> None:
        view = save_view(ann, name="ours", address="/events/", is_shared=True)
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

    def test_has_those_that_come_with_the_product(self, client: Client) -> None:
        page = client.get("/views/").content.decode()
        for name in ("Deletions", "Permission changes", "Failed sign-ins", "New countries"):
            assert name in page

    def test_hides_that_a_view_of_another_is_there(self, client: Client, ben: User) -> None:
        view = save_view(ben, name="b", address="/events/")
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
        for position, key in enumerate(("prod", "prod-us", "qa")):
            create_environment(
                key=key,
                name=key.title(),
                colour="#000000",
                position=position,
                is_production=key in production,
            )
        view = built_in_views()[0]
        asked = parse_qs(urlsplit(view.address).query)
        assert (view.name, tuple(asked.get("environment", ()))) == (name, production)
