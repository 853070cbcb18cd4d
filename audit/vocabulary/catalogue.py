"""Collects the event types and groups that exist: the built-in ones, and a host's own.

Both mappings are live: what `use_own` adds is seen by whoever asks them afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from . import built_in
from .event_type import EventGroup, EventType, Trait

_types: dict[str, EventType] = {}
_groups: dict[str, EventGroup] = {}
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(_types)
GROUPS: Mapping[str, EventGroup] = MappingProxyType(_groups)


def use_own(groups: Iterable[EventGroup] = (), types: Iterable[EventType] = ()) -> None:
    """Have these groups and types besides the built-in ones, in place of earlier ones of a host."""
    *before, rest = built_in.GROUPS
    _groups.clear()
    _groups.update({group.key: group for group in (*before, *groups, rest)})
    order = list(_groups)
    _types.clear()
    for one in sorted((*built_in.EVENT_TYPES, *types), key=lambda one: order.index(one.group)):
        _types[one.code] = one


use_own()


def event_type(code: str) -> EventType:
    """Return the type of a code; one that nobody knows is in the group "other"."""
    known = EVENT_TYPES.get(code)
    return known if known is not None else _unknown(code)


def types_with(*traits: Trait) -> tuple[str, ...]:
    """Return the codes of the types that have one of the traits, in the catalogue's order."""
    return tuple(code for code, one in EVENT_TYPES.items() if not one.traits.isdisjoint(traits))


@lru_cache(maxsize=1_024)
def _unknown(code: str) -> EventType:
    return EventType(code=code, label=label_of(code))


def label_of(code: str) -> str:
    """Make words of a code: INVOICE_APPROVED, invoice.approved, invoiceApproved."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", code)
    words = " ".join(re.split(r"[\W_]+", words)).strip().lower()
    return words[:1].upper() + words[1:] if words else code
