"""Checks that the keys of `settings.AUDIT` are known and their values in range."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from audit.conf import SETTING_NAMES, AuditSettings, audit_settings
from audit.ingest.formats import read_formats
from audit.redact import problems_of
from audit.vocabulary import nearest

PATHS = ("SIGNING_KEY_FILE", "EXPORT_DIRECTORY", "GEOIP_CITY_PATH", "GEOIP_ASN_PATH")


@register
def check_settings(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E001: unknown setting; E003: a bad rule; E005: a value that can't be used; E006: times
    without a zone; E007: an event type or group that can't be used; E008: a format.
    """
    looks = (_unknown, _bad_rules, _bad_values, _without_zones, _bad_types, _bad_formats)
    return [message for look in looks for message in look()]


def _unknown() -> Iterator[CheckMessage]:
    given = getattr(settings, "AUDIT", {})
    if not isinstance(given, Mapping):
        yield Error(
            f"AUDIT is {given!r}, and has to be a dict of settings.",
            hint="Leave it out where every default will do.",
            id="audit.E001",
        )
        return
    for name in sorted(set(given) - SETTING_NAMES):
        like = nearest(name, SETTING_NAMES)
        hint = f"Did you mean {like!r}?" if like else f"Known: {', '.join(sorted(SETTING_NAMES))}."
        yield Error(f"AUDIT has no setting {name!r}.", hint=hint, id="audit.E001")


def _bad_rules() -> Iterator[CheckMessage]:
    for problem in problems_of(audit_settings().REDACT):
        yield Error(
            f"AUDIT['REDACT'] can't be used: {problem}",
            hint="docs/redaction.md says what it may hold.",
            id="audit.E003",
        )


def _bad_types() -> Iterator[CheckMessage]:
    for problem in audit_settings().read_event_types().problems:
        yield Error(
            problem,
            hint="It is left out until it is mended; docs/event-types.md says what a row may hold.",
            id="audit.E007",
        )


def _bad_formats() -> Iterator[CheckMessage]:
    for problem in read_formats():
        if isinstance(problem, str):
            yield Error(
                problem,
                hint="It is left out until it is mended; docs/embedding.md says what a format is.",
                id="audit.E008",
            )


def _without_zones() -> Iterator[CheckMessage]:
    if not settings.USE_TZ:
        yield Error(
            "USE_TZ is off: an event's time would be read in whichever zone the server is.",
            hint="USE_TZ = True",
            id="audit.E006",
        )


def _bad_values() -> Iterator[CheckMessage]:
    for key in dataclasses.fields(AuditSettings):
        value = getattr(audit_settings(), key.name)
        wanted = None
        if key.name == "TIME_ZONE":
            wanted = None if _is_zone(value) else "a zone of the IANA database: 'Europe/Berlin'"
        elif key.name in PATHS:
            wanted = None if isinstance(value, str | os.PathLike) else "a path"
        elif isinstance(key.default, bool):
            wanted = None if isinstance(value, bool) else "True or False"
        elif "least" in key.metadata:
            wanted = _wanted_number(value, key)
        if wanted is not None:
            yield Error(
                f"AUDIT[{key.name!r}] is {value!r}, and has to be {wanted}.",
                hint=f"Leave it out for {key.default!r}.",
                id="audit.E005",
            )


def _wanted_number(value: Any, key: dataclasses.Field[Any]) -> str | None:
    """Return what the value has to be, or None where it is."""
    least, most = key.metadata["least"], key.metadata["most"]
    kinds = (int,) if isinstance(key.default, int) else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if is_number and least <= value and (most is None or value <= most):
        return None
    kind = "a whole number" if kinds == (int,) else "a number"
    return f"{kind}, at least {least}" if most is None else f"{kind} from {least} to {most}"


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and ZoneInfo(value) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
