"""Masks the secrets of a decoded value; returns the same object where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from .identifiers import is_identifier
from .names import SecretKind
from .pairs import is_naming, is_value
from .pointers import Pointers
from .rules import Rules
from .shapes import MASK
from .texts import mask_userinfo

# Members of the event's own structure that say who, what and when: no rule looks at their values,
# but that a password in a URL is masked in whatever is an id.
IDS = frozenset(("id", "gid", "source", "session", "request_id", "trace", "ip", "field"))
UNTOUCHED = frozenset((*IDS, "type", "time", "outcome", "sequence"))
# How much longer masks may make an id: an entry of the indexes over ids has bounds, too.
MAX_GROWTH_CHARACTERS = 64
_PLAIN = (int, float, bool, type(None))
Trail = tuple[str | int, ...]


class Masker:
    """Masks one value; pointers: where something was masked."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.pointers = Pointers()

    def mask(self, value: Any, trail: Trail = ()) -> Any:
        """Return the value without secrets: the same object where it holds none."""
        kind = type(value)
        if kind is str:
            masked = self._rules.mask_string(value)
            return value if masked == value else self._found(masked, trail)
        if kind in _PLAIN:
            return value
        if kind is dict:
            return self._mask_object(value, trail)
        if kind is list or kind is tuple:
            return self._mask_list(value, trail)
        if isinstance(value, Struct):
            return self._mask_struct(value, trail)
        plain = _plain(value)
        masked = self.mask(plain, trail)
        return value if masked is plain else masked

    def _mask_object(self, members: dict[Any, Any], trail: Trail) -> dict[Any, Any]:
        beside = self._named_beside(members.items())
        changed: dict[Any, Any] = {}
        renamed = False
        for name, value in members.items():
            shown = self._rules.mask_name(name) if isinstance(name, str) else name
            masked = self._mask_member(name, value, (*trail, shown), beside)
            if masked is not value or shown is not name:
                changed[name] = masked
                renamed = renamed or shown is not name
        if not changed:
            return members
        if not renamed:
            return {**members, **changed}
        return self._renamed(members, changed, trail)

    def _renamed(
        self, members: dict[Any, Any], changed: dict[Any, Any], trail: Trail
    ) -> dict[Any, Any]:
        """Members whose names were secrets themselves; none is lost where they become alike."""
        result: dict[Any, Any] = {}
        for name, value in members.items():
            shown = self._rules.mask_name(name) if isinstance(name, str) else name
            if shown is not name:
                number = 1
                while shown in result or shown in members:
                    number += 1
                    shown = f"{self._rules.mask_name(name)} ({number})"
                self._found(None, (*trail, shown))
            result[shown] = changed.get(name, value)
        return result

    def _mask_struct(self, struct: Struct, trail: Trail) -> Struct:
        members = {name: getattr(struct, name) for name in struct.__struct_fields__}
        beside = self._named_beside(members.items())
        changed = {}
        for name, value in members.items():
            if value is None:
                continue
            masked = self._mask_own(name, value, trail, beside)
            if masked is not value:
                changed[name] = masked
        return msgspec.structs.replace(struct, **changed) if changed else struct

    def _mask_own(self, name: str, value: Any, trail: Trail, beside: SecretKind | None) -> Any:
        """A member of the event's own structure. A resource's type is an id, an event's is none."""
        if name in IDS or (name == "type" and trail):
            masked = mask_userinfo(value)
            if masked == value:
                return value
            fits = len(masked) <= len(value) + MAX_GROWTH_CHARACTERS
            return self._found(masked if fits else MASK, (*trail, name))
        if name in UNTOUCHED:
            return value
        return self._mask_member(name, value, (*trail, name), beside)

    def _mask_list(self, items: Sequence[Any], trail: Trail) -> Sequence[Any]:
        changed: list[Any] | None = None
        for index, item in enumerate(items):
            masked = self._mask_item(item, (*trail, index))
            if masked is not item:
                changed = changed or list(items)
                changed[index] = masked
        if changed is None:
            return items
        return tuple(changed) if isinstance(items, tuple) else changed

    def _mask_item(self, item: Any, trail: Trail) -> Any:
        """An item of a list; `[["Authorization", "…"], …]` is a header list too."""
        if type(item) in (list, tuple) and len(item) == 2 and isinstance(item[0], str):
            kind = self._rules.kind_of(item[0])
            if kind is not None:
                second = self._mask_secret(item[1], kind, (*trail, 1))
                return item if second is item[1] else type(item)((item[0], second))
        return self.mask(item, trail)

    def _mask_member(self, name: Any, value: Any, trail: Trail, beside: SecretKind | None) -> Any:
        if not isinstance(name, str):
            return self.mask(value, trail)
        kind = self._rules.kind_of(name)
        if kind is None and beside is not None and is_value(name):
            kind = beside
        if kind is not None:
            return self._mask_secret(value, kind, trail)
        if type(value) in (str, int) and self._rules.is_card(name, value):
            return self._found(MASK, trail)
        return self.mask(value, trail)

    def _named_beside(self, members: Iterable[tuple[Any, Any]]) -> SecretKind | None:
        """Return what the value is that one member names: {"name": "Cookie", "value": "…"}."""
        for name, value in members:
            if type(value) is str and isinstance(name, str) and is_naming(name):
                kind = self._rules.kind_of(value)
                if kind is not None:
                    return kind
        return None

    def _mask_secret(self, value: Any, kind: SecretKind, trail: Trail) -> Any:
        """Mask what stands under the name of a secret."""
        if not kind.containers and isinstance(value, list | tuple):
            items = [self._mask_secret(v, kind, (*trail, i)) for i, v in enumerate(value)]
            same = all(a is b for a, b in zip(items, value, strict=True))
            return value if same else type(value)(items)
        if not kind.containers and isinstance(value, dict | Struct):
            return self.mask(value, trail)
        blank = _blank(value, kind)
        if blank is value:
            return self.mask(value, trail) if isinstance(value, str) else value
        return self._found(blank, trail)

    def _found(self, masked: Any, trail: Trail) -> Any:
        self.pointers.add(trail)
        return masked


def _blank(value: Any, kind: SecretKind) -> Any:
    """Return the value with all that it says masked: true, null and "" say nothing secret."""
    if value is None or isinstance(value, bool) or value in ("", MASK):
        return value
    if isinstance(value, str):
        return value if is_identifier(value, kind) else MASK
    if isinstance(value, int | float):
        return MASK if kind.numbers else value
    if isinstance(value, Raw):
        return _blank(_plain(value), kind) if kind.numbers or bytes(value)[:1] in b'"[{' else value
    if isinstance(value, Mapping):
        blank: Any = {name: _blank(member, kind) for name, member in value.items()}
        return value if all(blank[name] is value[name] for name in value) else blank
    if isinstance(value, list | tuple):
        blank = [_blank(item, kind) for item in value]
        same = all(a is b for a, b in zip(blank, value, strict=True))
        return value if same else type(value)(blank)
    plain = _plain(value)
    return MASK if plain is value else _blank(plain, kind)


def _plain(value: Any) -> Any:
    """Return a value as JSON's own types, as the evidence will hold it."""
    return msgspec.json.decode(value) if isinstance(value, Raw) else msgspec.to_builtins(value)
