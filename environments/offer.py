"""How does somebody who has just installed the product get their first key, at one click?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.errors import KeyRefused

from .directory import add_environment
from .errors import EnvironmentsError
from .keys import create_ingest_key
from .models import Environment

SENDER = "first-event"
PRODUCTION = frozenset({"prod", "production", "live"})


class FirstKey:
    """Makes keys for whoever may make them in the admin (`audit.conf.KeyOffer`)."""

    def is_open_to(self, user: Any) -> bool:
        return bool(user.is_active and user.has_perm("environments.add_ingestkey"))

    def make(self, user: Any, *, environment: str, now: datetime) -> str:
        """Raises KeyRefused: not theirs to make, no key of an environment, two keys already."""
        if not self.is_open_to(user):
            raise KeyRefused("Only who may add ingest keys can make one.")
        try:
            with transaction.atomic():
                if not Environment.objects.filter(key=environment).exists():
                    is_production = environment.split("-")[0] in PRODUCTION
                    add_environment(key=environment, is_production=is_production, now=now)
                _key, token = create_ingest_key(environment=environment, sender=SENDER, now=now)
        except EnvironmentsError as error:
            raise KeyRefused(str(error)) from error
        return token
