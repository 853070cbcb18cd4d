"""Senders as the audit log hears of them, and the first key at one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Grant, User
from audit.errors import KeyRefused
from environments.directory import create_environment, list_senders
from environments.keys import create_ingest_key, revoke_ingest_key
from environments.models import Environment, IngestKey
from environments.offer import FirstKeyOffer
from tests.audit.query.recorded import event, record
from tests.clock import began
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


class TestListSenders:
    def test_tells_of_those_with_a_live_key_and_when_they_last_used_one(self) -> None:
        create_environment(key="prod", name="Prod", colour="#000000", position=0)
        for name in ("billing", "gone"):
            key, _token = create_ingest_key(environment="prod", sender=name, now=began())
        revoke_ingest_key(str(key.pk), now=began())
        create_ingest_key(environment="prod", sender="billing", now=began())
        used = began() - timedelta(hours=3)
        oldest = IngestKey.objects.filter(sender__name="billing").earliest("pk")
        IngestKey.objects.filter(pk=oldest.pk).update(last_used_at=used)
        (sender,) = list_senders()
        assert (sender.name, sender.environment, sender.last_used_at) == ("billing", "prod", used)


def keeper() -> User:
    """May add keys, and no environments."""
    user = User.objects.create_user("keeper")
    user.user_permissions.add(Permission.objects.get(codename="add_ingestkey"))
    return user


class TestFirstKey:
    def test_makes_the_environment_that_is_missing(self) -> None:
        admin = PersonFactory(superuser=True)
        assert FirstKeyOffer().make(admin, environment="prod-eu", now=began())
        assert Environment.objects.get().name == "Prod eu"

    def test_leaves_an_environment_as_it_is(self) -> None:
        create_environment(key="prod", name="Production", colour="#000000", position=4)
        FirstKeyOffer().make(PersonFactory(superuser=True), environment="prod", now=began())
        assert Environment.objects.get().name == "Production"

    def test_makes_no_environment_for_who_may_only_add_keys(self) -> None:
        with pytest.raises(KeyRefused, match="no environment 'qa'"):
            FirstKeyOffer().make(keeper(), environment="qa", now=began())
        assert not Environment.objects.exists()

    def test_makes_no_key_of_what_one_does_not_see(self) -> None:
        user = keeper()
        for position, key in enumerate(("staging", "prod")):
            create_environment(key=key, name=key, colour="#000000", position=position)
        Grant.objects.create(
            role="auditor", user=user, environment=Environment.objects.get(key="staging")
        )
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=user, environment=prod, workspace_id="sales")
        with pytest.raises(KeyRefused, match="make no keys in 'prod'"):
            FirstKeyOffer().make(user, environment="prod", now=began())
        assert FirstKeyOffer().make(user, environment="staging", now=began())

    def test_is_over_once_something_is_recorded(self) -> None:
        create_environment(key="prod", name="Prod", colour="#000000", position=0)
        admin = PersonFactory(superuser=True)
        assert FirstKeyOffer().is_open_to(admin)
        record("prod", [event("T", began())], now=began())
        assert not FirstKeyOffer().is_open_to(admin)
        for environment in ("prod", "qa"):
            with pytest.raises(KeyRefused, match="while nothing is recorded"):
                FirstKeyOffer().make(admin, environment=environment, now=began())
        assert not IngestKey.objects.exists()
        assert Environment.objects.count() == 1

    def test_makes_nothing_where_it_refuses(self) -> None:
        with pytest.raises(KeyRefused, match="lower-case"):
            FirstKeyOffer().make(PersonFactory(superuser=True), environment="A b", now=began())
        with pytest.raises(KeyRefused, match="add ingest keys"):
            FirstKeyOffer().make(User.objects.create_user("ann"), environment="prod", now=began())
        assert not Environment.objects.exists()
