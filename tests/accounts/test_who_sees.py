"""Who looks after people is told who may do what, of what they look after and no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from environments.models import Environment
from tests.factories import EnvironmentFactory, GrantFactory, PersonFactory

pytestmark = pytest.mark.django_db
END = datetime(2030, 4, 1, tzinfo=UTC)


@pytest.fixture
def places() -> dict[str, Environment]:
    return {key: EnvironmentFactory(key=key) for key in ("dev", "staging", "prod")}


@pytest.fixture
def people(places: dict[str, Environment]) -> dict[str, User]:
    """Ann by herself and by a group, Ben in Dev, Root everything, Eve no longer anything."""
    names = ("ann", "ben", "eve")
    people = {name: PersonFactory(username=name) for name in names}
    people["root"] = PersonFactory(username="root", superuser=True)
    group = Group.objects.create(name="guests")
    group.user_set.add(people["ann"])
    GrantFactory(user=people["ann"], environment=places["staging"], workspace_id="w1")
    GrantFactory(
        group=group,
        role="viewer",
        environment=places["prod"],
        expires_at=END,
        given_by=people["root"],
    )
    GrantFactory(user=people["ben"], role="operator", environment=places["dev"])
    GrantFactory(user=people["eve"], expires_at=datetime(2025, 1, 1, tzinfo=UTC))
    return people


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(user: User, query: str) -> list[dict[str, Any]]:
    answer = browser(user).get(f"/api/v1/access?{query}")
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


class TestApi:
    def test_says_of_a_person_where_by_what_and_until_when(self, people: dict[str, User]) -> None:
        of_group, own = sorted(
            told(people["root"], "person=ann"), key=lambda entry: entry["environment"]
        )
        assert (own["environment"], own["workspace"], own["group"]) == ("staging", "w1", None)
        assert own["abilities"] == ["export", "personal", "read", "verify"]
        assert own["until"] is None
        assert (of_group["environment"], of_group["role"]) == ("prod", "viewer")
        assert (of_group["group"], of_group["given_by"]) == ("guests", "root")
        assert of_group["until"] == "2030-04-01T00:00:00.000000Z"

    def test_says_of_an_environment_who(self, people: dict[str, User]) -> None:
        assert [e["person"] for e in told(people["root"], "environment=prod")] == ["ann", "root"]
        assert [e["person"] for e in told(people["root"], "environment=dev")] == ["ben", "root"]
        (system,) = told(people["root"], "environment=audit-system")
        assert (system["person"], system["grant"]) == ("root", None)

    def test_says_nothing_of_who_is_not_active(self, people: dict[str, User]) -> None:
        User.objects.filter(username="ben").update(is_active=False)
        assert [e["person"] for e in told(people["root"], "environment=dev")] == ["root"]
        assert told(people["root"], "person=ben") == []

    def test_is_bound_to_what_one_looks_after(
        self, people: dict[str, User], places: dict[str, Environment]
    ) -> None:
        steward = PersonFactory(username="steward")
        GrantFactory(user=steward, role="administrator", environment=places["prod"])
        assert [e["environment"] for e in told(steward, "person=ann")] == ["prod"]
        client = browser(steward)
        for query in ("person=ben", "person=eve", "person=nobody", "environment=dev"):
            assert client.get(f"/api/v1/access?{query}").status_code == 404

    @pytest.mark.parametrize("query", ["", "person=ann&environment=prod", "persn=ann"])
    def test_wants_one_question(self, people: dict[str, User], query: str) -> None:
        assert browser(people["root"]).get(f"/api/v1/access?{query}").status_code == 400


class TestPages:
    def test_list_people_and_environments(self, people: dict[str, User]) -> None:
        said = browser(people["root"]).get("/access/").content.decode()
        for name in ("ann", "ben", "root"):
            assert f"/access/people/{people[name].pk}/" in said
        assert f"/access/people/{people['eve'].pk}/" not in said
        assert "/access/environments/audit-system/" in said

    def test_tell_of_a_person(self, people: dict[str, User]) -> None:
        root = browser(people["root"])
        said = root.get(f"/access/people/{people['ann'].pk}/").content.decode()
        for words in ("Auditor", "Viewer", "w1", "group guests", "2030-04-01", "no end"):
            assert words in said
        assert (
            "no grant that holds"
            in root.get(f"/access/people/{people['eve'].pk}/").content.decode()
        )

    def test_tell_of_an_environment(self, people: dict[str, User]) -> None:
        said = browser(people["root"]).get("/access/environments/prod/").content.decode()
        assert "ann" in said
        assert "superuser" in said
        assert "ben" not in said

    def test_take_as_many_statements_for_many_people(self, people: dict[str, User]) -> None:
        client = browser(people["root"])
        counts = []
        for round_ in range(2):
            with CaptureQueriesContext(connection) as asked:
                client.get("/access/")
            counts.append(len(asked))
            for number in range(5):
                GrantFactory(user=PersonFactory(username=f"p{number}-{round_}"))
        assert counts[0] == counts[1]


class TestCommand:
    def test_tells_the_same(self, people: dict[str, User], capsys: Any) -> None:
        call_command("who_sees", person="ann")
        lines = capsys.readouterr().out.splitlines()
        assert [line.split("\t")[:4] for line in lines] == [
            ["ann", "staging", "w1", "auditor"],
            ["ann", "prod", "-", "viewer"],
        ]
        call_command("who_sees", environment="prod")
        lines = capsys.readouterr().out.splitlines()
        assert [line.split("\t")[0] for line in lines] == ["ann", "root"]

    def test_names_what_is_not_there(self, people: dict[str, User]) -> None:
        with pytest.raises(CommandError, match="no user 'nobody'"):
            call_command("who_sees", person="nobody")
        with pytest.raises(CommandError, match="no environment 'prd'"):
            call_command("who_sees", environment="prd")
