"""Names the values of closed sets as pages show them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from audit.conf import audit_settings
from audit.contracts import EnvironmentInfo
from audit.vocabulary import GROUPS, EventGroup, EventType, event_type

from .markup import Tag
from .text import visible

GREY = "#6b7280"
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


def type_label(code: str) -> str:
    return visible(_label(event_type(code)))


def group_label(key: str) -> str:
    return visible(_label(GROUPS[key]) if key in GROUPS else key)


def outcome_label(code: str) -> str:
    return str(OUTCOME_LABELS.get(code, visible(code)))


def actor_type_label(code: str) -> str:
    return str(ACTOR_TYPE_LABELS.get(code, visible(code)))


def _label(row: EventType | EventGroup) -> str:
    """In the reader's language: as the row says it, else as the catalogues of pages do."""
    language = get_language() or ""
    own = row.labels.get(language) or row.labels.get(language.partition("-")[0])
    return own or gettext(row.label)


def _colour(text: str) -> str:
    return text if re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", text) else GREY
