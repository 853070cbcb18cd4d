"""Which environments are there, in their order?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from audit.conf import EnvironmentInfo, SenderInfo
from audit.record import ensure_environment
from audit.vocabulary import nearest

from .errors import BadEnvironment, UnknownEnvironment
from .models import Environment, IngestKey, Sender
from .models.environment import COLOUR_PATTERN, KEY_PATTERN


def list_environments() -> Sequence[EnvironmentInfo]:
    """Return the environments in their order, for `audit.conf`."""
    return [
        EnvironmentInfo(
            key=e.key,
            name=e.name,
            colour=e.colour,
            is_production=e.is_production,
            is_on_path=e.is_on_path,
            on_path_since=e.on_path_since,
        )
        for e in Environment.objects.order_by("position", "key")
    ]


def list_senders() -> Sequence[SenderInfo]:
    """Return the services that hold a live key, for `audit.conf`."""
    found = (
        Sender.objects.filter(
            Exists(IngestKey.objects.live(timezone.now()).filter(sender=OuterRef("pk")))
        )
        .annotate(last_used_at=Max("keys__last_used_at"))
        .select_related("environment")
        .order_by("environment__position", "environment__key", "name")
    )
    return [
        SenderInfo(
            id=sender.pk,
            name=sender.name,
            environment=sender.environment.key,
            made_at=sender.created_at,
            last_used_at=sender.last_used_at,
        )
        for sender in found
    ]


def create_environment(
    *,
    key: str,
    name: str,
    colour: str,
    position: int,
    is_production: bool = False,
    is_on_path: bool = True,
    on_path_since: datetime | None = None,
) -> Environment:
    """Make an environment and its log. Raises BadEnvironment.

    One that is there already is returned as it is. on_path_since: give the time of now where apps
    were promoted before, so that what went past it is not held against it
    """
    if not re.fullmatch(KEY_PATTERN, key):
        raise BadEnvironment(
            f"{key!r} can't be an environment's key: use up to 32 lower-case letters, digits and "
            "hyphens, beginning with a letter or digit."
        )
    if not re.fullmatch(COLOUR_PATTERN, colour):
        raise BadEnvironment(f"{colour!r} is no colour such as #0072b2.")
    with transaction.atomic():
        environment, _ = Environment.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "colour": colour,
                "position": position,
                "is_production": is_production,
                "is_on_path": is_on_path,
                "on_path_since": on_path_since,
            },
        )
        ensure_environment(key)
    return environment


def get_environment(key: str) -> Environment:
    """Return an environment. Raises UnknownEnvironment with the nearest right key."""
    try:
        return Environment.objects.get(key=key)
    except Environment.DoesNotExist:
        keys = list(Environment.objects.order_by("position").values_list("key", flat=True))
        like = nearest(key, keys)
        known = (
            f"did you mean {like!r}?" if like else f"there are: {', '.join(keys) or 'none yet'}."
        )
        raise UnknownEnvironment(f"There is no environment {key!r}; {known}") from None
