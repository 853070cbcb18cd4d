"""Makes the first key of a new installation at one click."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.errors import KeyRefused
from audit.query.attention import has_events

from .directory import add_environment
from .errors import EnvironmentsError
from .keys import create_ingest_key
from .models import Environment

FIRST_SENDER = "first-event"
PRODUCTION_KEYS = frozenset({"prod", "production", "live"})


class FirstKeyOffer:
    """Makes keys for whoever has the ability `keys`, while nothing is recorded
    (`audit.contracts.KeyOffer`): of an environment where they have it, or of a new one where they
    may add environments.
    """

    def is_open_to(self, user: Any) -> bool:
        return bool(
            user.is_active and user.has_perm("environments.add_ingestkey") and not _has_any_events()
        )

    def make(self, user: Any, *, environment: str, now: datetime) -> str:
        """Raises KeyRefused: not theirs to make, no key of an environment, two keys already."""
        if not self.is_open_to(user):
            raise KeyRefused(
                "Only who may add ingest keys can make the first one, while nothing is recorded;"
                " `manage.py ingest_key create` makes others."
            )
        try:
            with transaction.atomic():
                if Environment.objects.filter(key=environment).exists():
                    if not audit_settings().may(user, "keys", environment):
                        raise KeyRefused(f"You may make no keys in {environment!r}.")
                elif user.has_perm("environments.add_environment"):
                    is_production = environment.split("-")[0] in PRODUCTION_KEYS
                    add_environment(key=environment, is_production=is_production, now=now)
                _key, token = create_ingest_key(
                    environment=environment, sender=FIRST_SENDER, now=now
                )
        except EnvironmentsError as error:
            raise KeyRefused(str(error)) from error
        return token


def _has_any_events() -> bool:
    keys = Environment.objects.values_list("key", flat=True)
    return has_events(Scope(grants=dict.fromkeys(keys)), now=timezone.now())
