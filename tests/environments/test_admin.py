"""Environments and senders in the admin: what is proposed, what stays, and what says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from environments import admin
from environments.directory import create_environment, remove_environment
from environments.errors import EnvironmentInUse
from environments.keys import create_ingest_key, revoke_ingest_key
from environments.models import Environment, IngestKey, Sender
from tests.audit.query.recorded import event, record
from tests.clock import began
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(PersonFactory(superuser=True))
    return client


@pytest.fixture
def prod() -> Environment:
    return create_environment(key="prod", name="Prod", colour="#c2410c", position=4)


def address(action: str, obj: Any) -> str:
    return reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_{action}", args=[obj.pk])


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


class TestForm:
    def test_has_a_picker_and_proposes_the_end_of_the_order(
        self, client: Client, prod: Environment
    ) -> None:
        answer = client.get(reverse("admin:environments_environment_add"))
        html = answer.content.decode()
        assert '<input type="color" name="colour" value="#6b7280"' in html
        assert "style=" not in html
        form = answer.context["adminform"].form
        assert form.get_initial_for_field(form.fields["position"], "position") == 5
        since = form.get_initial_for_field(form.fields["on_path_since"], "on_path_since")
        assert abs(since - datetime.now(UTC)) < timedelta(minutes=1)

    def test_says_what_is_wrong_with_a_key_or_colour(self, client: Client) -> None:
        sent = {"name": "QA", "key": "Q A", "colour": "red", "position": "1"}
        answer = client.post(reverse("admin:environments_environment_add"), sent)
        assert answer.status_code == 200
        errors = answer.context["adminform"].form.errors
        assert "up to 32 lower-case letters" in errors["key"][0]
        assert errors["colour"] == ["'red' is no colour such as #0072b2."]
        assert not Environment.objects.exists()

    def test_begins_anew_where_one_comes_back_to_the_path(
        self, client: Client, prod: Environment
    ) -> None:
        Environment.objects.update(is_on_path=False)
        sent = {"name": "Prod", "colour": "#c2410c", "position": "4", "is_on_path": "on"}
        assert client.post(address("change", prod), sent).status_code == 302
        prod.refresh_from_db()
        assert prod.on_path_since is not None
        assert not prod.is_production


class TestSender:
    def test_is_not_moved(self, client: Client, prod: Environment) -> None:
        sender = Sender.objects.create(environment=prod, name="billing")
        other = create_environment(key="dev", name="Dev", colour="#000000", position=0)
        sent = {"name": "invoices", "environment": str(other.pk)}
        assert client.post(address("change", sender), sent).status_code == 302
        sender.refresh_from_db()
        assert (sender.name, sender.environment) == ("invoices", prod)


class TestRemoval:
    def test_is_asked_and_done_where_nothing_was_recorded(
        self, client: Client, prod: Environment
    ) -> None:
        key, _token = create_ingest_key(environment="prod", sender="typo", now=began())
        revoke_ingest_key(str(key.pk), now=began())
        asked = client.get(address("delete", prod)).content.decode()
        assert "typo (Prod)" in asked
        assert client.post(address("delete", prod), {"post": "yes"}).status_code == 302
        assert not Environment.objects.exists()
        assert not IngestKey.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_refused_with_the_reason_where_events_are(
        self, client: Client, prod: Environment, method: str
    ) -> None:
        record("prod", [event("T", began())], now=began())
        answer = getattr(client, method)(address("delete", prod), {"post": "yes"})
        assert answer.status_code == 302
        assert answer.url == address("change", prod)
        assert "Prod stays: events were recorded in it" in said(answer)[0]
        assert Environment.objects.get() == prod

    def test_is_refused_with_the_reason_where_a_key_lives(
        self, client: Client, prod: Environment
    ) -> None:
        key, _token = create_ingest_key(environment="prod", sender="billing", now=began())
        answer = client.post(address("delete", prod), {"post": "yes"})
        assert key.hint in said(answer)[0]
        with pytest.raises(EnvironmentInUse, match="live keys"):
            remove_environment("prod")

    def test_is_refused_where_a_key_was_made_after_the_question(
        self, client: Client, prod: Environment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create_ingest_key(environment="prod", sender="billing", now=began())
        monkeypatch.setattr(admin, "reason_in_use", lambda environment: None)
        answer = client.post(address("delete", prod), {"post": "yes"})
        assert answer.url == address("change", prod)
        assert "live keys" in said(answer)[0]

    def test_is_not_among_the_actions_on_many(self, client: Client, prod: Environment) -> None:
        html = client.get(reverse("admin:environments_environment_changelist")).content.decode()
        assert "delete_selected" not in html
        assert 'fill="#c2410c"' in html
