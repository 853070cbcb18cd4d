"""Lists, makes, renames and removes environments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from audit.contracts import SYSTEM_ENVIRONMENT, EnvironmentInfo, Scope, SenderInfo
from audit.query.attention import has_events
from audit.record import ensure_environment
from audit.vocabulary import nearest
from audit.vocabulary.folding import one_form

from .errors import EnvironmentInUse, EnvironmentNotFound, InvalidEnvironment
from .models import Environment, IngestKey, Sender
from .models.environment import COLOUR_PATTERN, KEY_PATTERN

MAX_NAME_CHARACTERS = 100
# Distinguishable with colour blindness, too; the next one is proposed.
COLOURS = ("#c2410c", "#0072b2", "#b26a00", "#7a3e9d", "#1a6b3c")


def list_environments() -> Sequence[EnvironmentInfo]:
    """Return the environments in their order (`audit.contracts.ListEnvironments`)."""
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
    """Return the services that hold a live key (`audit.contracts.ListSenders`)."""
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
    """Make an environment and its log. Raises InvalidEnvironment.

    One that is there already is returned as it is. on_path_since: the present time where apps
    were promoted before, so that it does not count as skipped
    """
    check_key(key)
    check_colour(colour)
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


def add_environment(
    *,
    key: str,
    name: str | None = None,
    colour: str | None = None,
    is_production: bool = False,
    is_on_path: bool = True,
    now: datetime,
) -> Environment:
    """Make an environment that isn't there yet, last in the order.

    name, colour: None for one made of the key, and the next of a few. Where events were recorded
    before, it is on the promotion path from now on. Raises InvalidEnvironment.
    """
    if name is not None:
        check_name(name)
    name = name or default_name(key)
    with transaction.atomic():
        if Environment.objects.filter(key=key).exists():
            raise InvalidEnvironment(f"There is an environment {key!r} already.")
        check_name_is_free(name, key=key)
        others = Environment.objects.order_by("position")
        last = others.aggregate(last=Max("position"))["last"]
        scope = Scope(grants=dict.fromkeys(others.values_list("key", flat=True)))
        is_late = is_on_path and has_events(scope, now=now)
        return create_environment(
            key=key,
            name=name,
            colour=colour or COLOURS[others.count() % len(COLOURS)],
            position=0 if last is None else last + 1,
            is_production=is_production,
            is_on_path=is_on_path,
            on_path_since=now if is_late else None,
        )


def rename_environment(key: str, *, name: str) -> Environment:
    """Change the name that people read; the key stays. Raises EnvironmentNotFound and
    InvalidEnvironment.
    """
    check_name(name)
    environment = get_environment(key)
    check_name_is_free(name, key=key)
    environment.name = name
    environment.save(update_fields=["name"])
    return environment


def default_name(key: str) -> str:
    return key.replace("-", " ").capitalize()


def check_name(name: str) -> None:
    """Raises InvalidEnvironment where people couldn't read it."""
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidEnvironment(
            f"An environment's name has 1 to {MAX_NAME_CHARACTERS} printable characters."
        )


def check_name_is_free(name: str, *, key: str) -> None:
    """Raises InvalidEnvironment where another environment has the name, in any case: pages show
    nothing else to distinguish them.
    """
    for other in Environment.objects.exclude(key=key):
        if _comparable(other.name) == _comparable(name):
            raise InvalidEnvironment(f"{other.key} is called {other.name!r} already.")


def check_key(key: str) -> None:
    """Raises InvalidEnvironment where an environment can't have this key."""
    if not re.fullmatch(KEY_PATTERN, key):
        raise InvalidEnvironment(
            f"{key!r} can't be an environment's key: use up to 32 lower-case letters, digits and "
            "hyphens, beginning with a letter or digit."
        )
    if key == SYSTEM_ENVIRONMENT:
        raise InvalidEnvironment(
            f"{key!r} is the product's own log, which superusers see: choose another key."
        )


def check_colour(colour: str) -> None:
    """Raises InvalidEnvironment."""
    if not re.fullmatch(COLOUR_PATTERN, colour):
        raise InvalidEnvironment(f"{colour!r} is no colour such as #0072b2.")


def get_environment(key: str) -> Environment:
    """Return an environment. Raises EnvironmentNotFound with the nearest right key."""
    try:
        return Environment.objects.get(key=key)
    except Environment.DoesNotExist:
        keys = list(Environment.objects.order_by("position").values_list("key", flat=True))
        like = nearest(key, keys)
        known = (
            f"did you mean {like!r}?" if like else f"there are: {', '.join(keys) or 'none yet'}."
        )
        raise EnvironmentNotFound(f"There is no environment {key!r}; {known}") from None


def remove_environment(key: str) -> None:
    """Remove an environment in which nothing was recorded, with its senders and ended keys.

    Raises EnvironmentNotFound, EnvironmentInUse.
    """
    with transaction.atomic():
        # Held until the commit: no sender is made, and no key, while this is looked into.
        environment = Environment.objects.select_for_update().get(pk=get_environment(key).pk)
        if reason := reason_in_use(environment):
            raise EnvironmentInUse(reason)
        IngestKey.objects.filter(sender__environment=environment).delete()
        environment.senders.all().delete()
        environment.delete()


def reason_in_use(environment: Environment) -> str | None:
    """Return in a sentence why an environment can't be removed, None where it can."""
    now = timezone.now()
    if has_events(Scope(grants={environment.key: None}), now=now):
        return (
            f"{environment.name} stays: events were recorded in it, and its log is kept. Rename "
            "it, or take it off the promotion path; to end recording, revoke its keys."
        )
    keys = IngestKey.objects.live(now).filter(sender__environment=environment).order_by("pk")
    if keys:
        named = ", ".join(f"{key.hint} (number {key.pk})" for key in keys)
        return f"{environment.name} stays: it has live keys. Revoke them first: {named}."
    return None


def _comparable(name: str) -> str:
    return " ".join(one_form(name).casefold().split())
