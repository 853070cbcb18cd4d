"""What are the filters, and the values of closed sets, called on screen?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from audit.conf import audit_settings
from audit.contracts import EnvironmentInfo
from audit.facets import EXCLUDE
from audit.vocabulary import GROUPS, EventGroup, EventType, event_type
from audit.vocabulary.countries import country_name

from .markup import Tag
from .text import visible

GREY = "#6b7280"
FILTERS: Mapping[str, object] = {
    "environment": _("Environment"),
    "workspace": _("Workspace"),
    "actor": _("User"),
    "application": _("App"),
    "type": _("Type"),
    "group": _("Group"),
    "outcome": _("Outcome"),
    "resource_type": _("Kind of resource"),
    "resource": _("Resource"),
    "target": _("Done to"),
    "ip": _("Address"),
    "country": _("Country"),
    "browser": _("Browser"),
    "os": _("System"),
    "device_class": _("Device"),
    "sender": _("Sender"),
    "key": _("Ingest key"),
    "recorded_after": _("Recorded after"),
    "recorded_before": _("Recorded before"),
    "session": _("Session"),
    "request_id": _("Request"),
    "trace": _("Trace"),
    "source": _("Source"),
    "q": _("Words"),
}
OUTCOME_LABELS: Mapping[str, object] = {
    "success": _("success"),
    "failure": _("failure"),
    "denied": _("denied"),
}
ACTOR_TYPE_LABELS: Mapping[str, object] = {
    "user": _("user"),
    "service": _("service"),
    "system": _("system"),
    "anonymous": _("anonymous"),
}


class Environments:
    """Names, colours and order of the environments, read once for a page."""

    def __init__(self, known: Sequence[EnvironmentInfo] | None = None) -> None:
        given = audit_settings().list_environments() if known is None else known
        self._known = {environment.key: environment for environment in given}

    def tag(self, key: str, *, href: str | None = None) -> Tag:
        known = self._known.get(key)
        if known is None:
            return Tag(key=key, name=visible(key), colour=GREY, href=href)
        return Tag(key=key, name=visible(known.name), colour=_colour(known.colour), href=href)

    def in_order(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the keys in the host's order, unknown ones at the end."""
        order = {key: position for position, key in enumerate(self._known)}
        return tuple(sorted(keys, key=lambda key: (order.get(key, len(order)), key)))


def filter_label(parameter: str) -> str:
    """Return the name of a filter; also of the one that excludes."""
    name = parameter.removeprefix(EXCLUDE)
    label = str(FILTERS.get(name, visible(name)))
    return gettext("Not %(filter)s") % {"filter": label} if name != parameter else label


def type_label(code: str) -> str:
    return visible(_label(event_type(code)))


def group_label(key: str) -> str:
    return visible(_label(GROUPS[key]) if key in GROUPS else key)


def outcome_label(code: str) -> str:
    return str(OUTCOME_LABELS.get(code, visible(code)))


def actor_type_label(code: str) -> str:
    return str(ACTOR_TYPE_LABELS.get(code, visible(code)))


def value_label(parameter: str, value: str, *, environments: Environments) -> str:
    """Return how a filter's value is called; an id is called by itself."""
    match parameter.removeprefix(EXCLUDE):
        case "environment":
            return environments.tag(value).name
        case "type":
            return type_label(value)
        case "group":
            return group_label(value)
        case "outcome":
            return outcome_label(value)
        case "country":
            return visible(country_name(value))
        case _:
            return visible(value)


def _label(row: EventType | EventGroup) -> str:
    """In the reader's language: as the row says it, else as the catalogues of pages do."""
    language = get_language() or ""
    own = row.labels.get(language) or row.labels.get(language.partition("-")[0])
    return own or gettext(row.label)


def _colour(text: str) -> str:
    return text if re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", text) else GREY
