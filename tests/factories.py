"""Makes people, environments, senders and events; what a test doesn't say is as most have it."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Grant, User
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Application
from environments.directory import create_environment
from environments.keys import create_ingest_key

from .clock import began


class PersonFactory(DjangoModelFactory):
    """Somebody without a password who sees nothing, or with `auditor=True` every environment."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        auditor = factory.Trait(
            granted=factory.RelatedFactory(
                "tests.factories.GrantFactory", factory_related_name="user"
            )
        )
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence("person-{}".format)


class GrantFactory(DjangoModelFactory):
    """A role for a person or a group: an auditor's, everywhere, without an end."""

    class Meta:
        model = Grant

    role = "auditor"


class EnvironmentFactory(factory.Factory):
    """Prod, or another environment, with its log; those made later stand after it."""

    class Meta:
        model = create_environment

    key = "prod"
    name = factory.LazyAttribute(lambda made: made.key.title())
    colour = "#c2410c"
    position = factory.Sequence(int)


class IngestKeyFactory(factory.Factory):
    """A key of a sender and its token, as `create_ingest_key` returns them."""

    class Meta:
        model = create_ingest_key

    environment = "prod"
    sender = "billing"
    now = factory.LazyFunction(timezone.now)


class EventFactory(factory.Factory):
    """Ann looked at the app Orders. ago: minutes before the test began; None for no time"""

    class Meta:
        model = SubmittedEvent

    class Params:
        ago: float | None = 5

    type = "APPLICATION_VIEW"
    time = factory.LazyAttribute(
        lambda made: (
            (began().replace(microsecond=0) - timedelta(minutes=made.ago)).isoformat()
            if made.ago is not None
            else None
        )
    )
    actor = Actor(id="u-ann", name="Ann")
    application = Application(id="a-1", name="Orders")
