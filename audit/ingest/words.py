"""How is a broken rule told to the sender? msgspec's messages to sentences with JSON pointers."""

from __future__ import annotations

import re

from msgspec import ValidationError

from audit.errors import Problem
from audit.record import SubmittedEvent
from audit.vocabulary import nearest

MEMBERS = SubmittedEvent.__struct_fields__
# Expected `str`, got `int` - at `$.targets[0].id`
_WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
# Object contains unknown field `actr`
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>[^\]]*)\]")


def problem_of(error: ValidationError) -> Problem:
    """Return what is wrong with one event, with a pointer to the member (RFC 6901)."""
    match = _WHERE.fullmatch(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    pointer = _pointer(path)
    unknown = _UNKNOWN.fullmatch(what)
    if unknown:
        name = unknown["name"]
        like = nearest(name, MEMBERS) if not pointer else None
        hint = f"did you mean {like!r}?" if like else "what is your own goes into details"
        return Problem(f"{pointer}/{_escape(name)}", f"is no member of an event; {hint}")
    missing = _MISSING.fullmatch(what)
    if missing:
        return Problem(f"{pointer}/{_escape(missing['name'])}", "is required")
    return Problem(pointer, what.replace("`Raw`", "`number`").replace("`", ""))


def _pointer(path: str) -> str:
    steps = (step["name"] or step["index"] for step in _STEP.finditer(path))
    return "".join(f"/{_escape(step)}" for step in steps)


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
