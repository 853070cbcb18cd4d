"""Checks that the log is in the same database as the host's own rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register
from django.db import connections, router

from audit.conf import audit_settings
from audit.models import Event
from audit.vocabulary import nearest

ALIASES = ("DATABASE", "READER_DATABASE", "WORKER_DATABASE", "OWNER_DATABASE")


@register
def check_databases(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E004: an alias that there isn't; another engine than PostgreSQL; the log in another
    database than the host's rows.
    """
    known = list(settings.DATABASES)  # not the dict: what is given needn't be hashable
    unknown = [name for name in ALIASES if getattr(audit_settings(), name) not in known]
    if unknown:
        return [_unknown(name) for name in unknown]
    others = [
        (name, vendor)
        for name in ALIASES
        if (vendor := connections[getattr(audit_settings(), name)].vendor) != "postgresql"
    ]
    if others:
        return [_other_engine(name, vendor) for name, vendor in others]
    alias = audit_settings().DATABASE
    messages: list[CheckMessage] = []
    people = router.db_for_write(get_user_model())
    if people != alias:
        messages.append(
            Error(
                f"AUDIT['DATABASE'] is {alias!r}, but people are kept in {people!r}: an event could"
                " stay where what it records is rolled back, and their views and preferences"
                " belong to them.",
                hint=f"Keep the log beside them: AUDIT['DATABASE'] = {people!r}. For other logins"
                " to the same database there are WORKER_DATABASE and OWNER_DATABASE.",
                id="audit.E004",
            )
        )
    routed = router.db_for_write(Event)
    if routed != alias or not router.allow_migrate_model(alias, Event):
        messages.append(
            Error(
                f"AUDIT['DATABASE'] is {alias!r}, but a database router sends the app 'audit'"
                + (f" to {routed!r}." if routed != alias else " elsewhere when it is migrated."),
                hint=f"Let DATABASE_ROUTERS leave it in {alias!r}.",
                id="audit.E004",
            )
        )
    return messages


def _other_engine(name: str, vendor: str) -> CheckMessage:
    alias = getattr(audit_settings(), name)
    return Error(
        f"AUDIT[{name!r}] is {alias!r}, whose engine is {vendor}; the log needs PostgreSQL.",
        hint=f"DATABASES[{alias!r}]['ENGINE'] = 'django.db.backends.postgresql'",
        id="audit.E004",
    )


def _unknown(name: str) -> CheckMessage:
    alias = getattr(audit_settings(), name)
    like = nearest(str(alias), settings.DATABASES)
    known = ", ".join(map(repr, settings.DATABASES))
    return Error(
        f"AUDIT[{name!r}] is {alias!r}, which DATABASES doesn't have.",
        hint=f"Did you mean {like!r}?" if like else f"It has {known}.",
        id="audit.E004",
    )
