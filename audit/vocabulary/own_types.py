"""Reads and checks the rows by which a host adds event types and groups of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec
from msgspec.structs import fields, replace

from . import built_in
from .catalogue import label_of
from .event_type import (
    COLOURS,
    PERSONAL_DETAILS,
    PRODUCT_PREFIX,
    TRAITS,
    EventGroup,
    EventType,
    is_product_type,
)
from .sentence import problem_of
from .spelling import nearest, unknown

# Each type has a number in the database; there are 32,767, for those of senders, too.
MAX_ROWS = 1_000
MAX_CODE_CHARACTERS = 512
MAX_TEXT_CHARACTERS = 500
# Colours that no built-in group has come first.
_FIRST_COLOUR = sum(group.colour is not None for group in built_in.GROUPS)
_GROUP_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")  # order_desk
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")  # de, pt-br
_GROUPS = {group.key: group for group in built_in.GROUPS}
_TYPES = {one.code: one for one in built_in.EVENT_TYPES}
_Row = TypeVar("_Row", EventType, EventGroup)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTypes:
    """groups, types: the rows that can be used; problems: of the others, a sentence each"""

    groups: tuple[EventGroup, ...] = ()
    types: tuple[EventType, ...] = ()
    problems: tuple[str, ...] = ()


def read_own_types(groups: object, types: object) -> OwnTypes:
    """Return a host's groups and types; a row that can't be used is left out, and told of.

    groups, types: lists of mappings with the members of EventGroup and EventType
    """
    own_groups, bad_groups = _read(groups, EventGroup, "EVENT_GROUPS", _group_problems)
    keys = {*_GROUPS, *own_groups}
    own_types, bad_types = _read(
        types, EventType, "EVENT_TYPES", partial(_type_problems, groups=keys)
    )
    return OwnTypes(
        groups=tuple(
            group if group.colour is not None else replace(group, colour=_colour(place))
            for place, group in enumerate(own_groups.values())
        ),
        types=tuple(
            replace(
                one,
                label=one.label or label_of(one.code),
                personal_details=one.personal_details | PERSONAL_DETAILS,
            )
            for one in own_types.values()
        ),
        problems=(*bad_groups, *bad_types),
    )


def _colour(place: int) -> int:
    return (_FIRST_COLOUR + place) % COLOURS


def _read(
    rows: object, kind: type[_Row], setting: str, problems_of: Callable[[_Row], Iterator[str]]
) -> tuple[Mapping[str, _Row], list[str]]:
    """Return the good rows by their names (the first member), and what is wrong with others."""
    found: dict[str, _Row] = {}
    problems: list[str] = []
    what, name = f"AUDIT[{setting!r}]", fields(kind)[0].name
    if not isinstance(rows, list | tuple):
        return found, [f"{what} is {_short(rows)}, and has to be a list of rows."]
    if len(rows) > MAX_ROWS:
        problems.append(f"{what} has {len(rows):,} rows; the first {MAX_ROWS:,} are taken.")
    for index, given in enumerate(rows[:MAX_ROWS]):
        where = f"{what}[{index}]"
        if not isinstance(given, Mapping):
            problems.append(f"{where} is {_short(given)}, and has to be a mapping of members.")
            continue
        try:
            row: _Row = msgspec.convert(given, kind)
        except msgspec.ValidationError as error:
            problems.append(f"{where}: {_misfit(given, kind, str(error))}")
            continue
        key = getattr(row, name)
        wrong = [*problems_of(row), *_label_problems(row)]
        if key in found:
            wrong.append(f"{name} {key!r} is there twice.")
        problems += [f"{where}: {each}" for each in wrong]
        if not wrong:
            found[key] = row
    return found, problems


def _misfit(given: Mapping[Any, Any], kind: type[_Row], message: str) -> str:
    """Return the decoder's sentence, or a better one where a word of a closed set is unknown."""
    members = [field.name for field in fields(kind)]
    for member in given:
        if member not in members:
            return unknown("member", str(member), members)
    traits = given.get("traits")
    for trait in traits if isinstance(traits, list | tuple) else ():
        if trait not in TRAITS:
            return unknown("trait", str(trait), TRAITS)
    return f"{message.replace('$.', '')}."


def _group_problems(group: EventGroup) -> Iterator[str]:
    if group.key in _GROUPS:
        yield f"key {group.key!r} is a built-in group's; name its types by it without adding it."
    elif not _GROUP_KEY.fullmatch(group.key):
        yield f"key {_short(group.key)} has to be small letters, digits and '_', up to 64."
    if not group.label.strip():
        yield "label is empty."
    if group.colour is not None and not 0 <= group.colour < COLOURS:
        yield f"colour is {group.colour}, and has to be from 0 to {COLOURS - 1}."


def _type_problems(one: EventType, *, groups: Collection[str]) -> Iterator[str]:
    if one.code in _TYPES:
        yield f"code {one.code!r} is built in."
    elif is_product_type(one.code):
        yield f"code {_short(one.code)} begins with {PRODUCT_PREFIX}, as only the log's own do."
    elif not one.code.strip() or "\0" in one.code or len(one.code) > MAX_CODE_CHARACTERS:
        yield f"code {_short(one.code)} has to be text of 1 to {MAX_CODE_CHARACTERS} characters."
    if one.group not in groups:
        like = nearest(one.group, groups)
        hint = f"did you mean {like!r}?" if like else "add it to the groups."
        yield f"Unknown group {_short(one.group)}; {hint}"
    if len(one.sentence) > MAX_TEXT_CHARACTERS:
        yield f"sentence has more than {MAX_TEXT_CHARACTERS} characters."
    elif (wrong := problem_of(one.sentence)) is not None:
        yield f"sentence {wrong}."


def _label_problems(row: EventType | EventGroup) -> Iterator[str]:
    for language, label in row.labels.items():
        if not _LANGUAGE.fullmatch(language):
            yield f"labels: {_short(language)} is no language's code, such as 'de' or 'pt-br'."
        elif not label.strip():
            yield f"labels: the one of {language!r} is empty."
    if any(len(label) > MAX_TEXT_CHARACTERS for label in (row.label, *row.labels.values())):
        yield f"a label has more than {MAX_TEXT_CHARACTERS} characters."


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
