"""How is a broken rule told to the sender? msgspec's messages to sentences with JSON pointers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from msgspec import ValidationError, convert

from audit.errors import Problem
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Application, Change, Context, Resource, Workspace
from audit.vocabulary import nearest

MEMBERS = SubmittedEvent.__struct_fields__
MAX_UNKNOWN = 10
MAX_NAME = 200
_MEMBERS_AT: Mapping[str, tuple[str, ...]] = {
    "": MEMBERS,
    "/workspace": Workspace.__struct_fields__,
    "/actor": Actor.__struct_fields__,
    "/application": Application.__struct_fields__,
    "/resource": Resource.__struct_fields__,
    "/targets": Resource.__struct_fields__,
    "/context": Context.__struct_fields__,
    "/changes": Change.__struct_fields__,
}
# The place in a list: /targets/0
_NUMBER = re.compile(r"/[0-9]+")
# Expected `str`, got `int` - at `$.targets[0].id`
_WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
# Object contains unknown field `actr`
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>[^\]]*)\]")


def problems_of(error: ValidationError, document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with one event: its unknown members, at most MAX_UNKNOWN of them, and
    what msgspec meets first beside them; each with a pointer to the member (RFC 6901).
    """
    strange = islice((name for name in document if name not in MEMBERS), MAX_UNKNOWN)
    unknown = tuple(_unknown("", name) for name in strange)
    if not unknown:
        return (_problem_of(error),)
    try:
        convert({k: v for k, v in document.items() if k in MEMBERS}, SubmittedEvent)
    except ValidationError as other:
        return (*unknown, _problem_of(other))
    return unknown


def _problem_of(error: ValidationError) -> Problem:
    match = _WHERE.fullmatch(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    pointer = _pointer(path)
    unknown = _UNKNOWN.fullmatch(what)
    if unknown:
        return _unknown(pointer, unknown["name"])
    missing = _MISSING.fullmatch(what)
    if missing:
        return Problem(f"{pointer}/{_escape(missing['name'])}", "is required")
    return Problem(pointer, what.replace("`Raw`", "`number`").replace("`", ""))


def _unknown(pointer: str, name: str) -> Problem:
    like = nearest(name, _MEMBERS_AT.get(_NUMBER.sub("", pointer), ()))
    hint = f"did you mean {like!r}?" if like else "what is your own goes into details"
    return Problem(f"{pointer}/{_escape(name[:MAX_NAME])}", f"is no member of an event; {hint}")


def _pointer(path: str) -> str:
    steps = (step["name"] or step["index"] for step in _STEP.finditer(path))
    return "".join(f"/{_escape(step)}" for step in steps)


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
