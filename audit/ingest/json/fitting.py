"""Fits a document to the fields of an event, and tells everything that does not fit at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import UNSET, Raw, inspect

from audit.errors import Problem
from audit.record import SubmittedEvent
from audit.redact.pointers import escaped
from audit.vocabulary import nearest

MAX_PROBLEMS = 20
MAX_NAME = 200
SHOWN_CHARACTERS = 64
# Fields that many senders have as numbers: their digits are taken.
IDS = frozenset({"id", "gid", "session", "request_id", "trace"})
# What other logs call a field, and what it is called here.
ALIASES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "@timestamp",
            "created",
            "created_at",
            "createdat",
            "date",
            "datetime",
            "event_time",
            "eventtime",
            "occurred_at",
            "occurredat",
            "timestamp",
            "ts",
        ),
        "time",
    ),
    **dict.fromkeys(
        ("action", "event", "event_name", "event_type", "eventname", "eventtype", "verb"), "type"
    ),
    **dict.fromkeys(("event_id", "eventid", "uuid"), "id"),
    **dict.fromkeys(("result", "status", "success"), "outcome"),
    **dict.fromkeys(("user", "user_id", "userid", "username"), "actor"),
    **dict.fromkeys(("app", "app_id", "application_id", "applicationid"), "application"),
    **dict.fromkeys(("org", "org_id", "orgid", "organization", "tenant"), "workspace"),
    **dict.fromkeys(("object", "target"), "targets"),
    **dict.fromkeys(("ip", "ip_address", "ipaddress", "remote_addr", "source_ip"), "context.ip"),
    **dict.fromkeys(("user_agent", "useragent"), "context.user_agent"),
    **dict.fromkeys(("session", "session_id"), "context.session"),
    **dict.fromkeys(("request_id", "correlation_id"), "context.request_id"),
    **dict.fromkeys(("trace", "trace_id"), "context.trace"),
}


def fit(document: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return what fits of a decoded document, and what is wrong with the rest of it.

    Each problem has a pointer to its member (RFC 6901), at most MAX_PROBLEMS of them. What is
    returned can be converted to a `SubmittedEvent` unless its type is among the problems.
    """
    found: list[Problem] = []
    fitting = _fit_members(_event(), document, "", found)
    if len(found) > MAX_PROBLEMS:
        rest = len(found) - MAX_PROBLEMS
        found[MAX_PROBLEMS:] = [Problem("", f"{rest:,} more problems of this event")]
    return fitting, tuple(found)


def json_type_name(value: Any) -> str:
    """Return what kind of JSON value a decoded one is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else "a number"


@lru_cache(maxsize=1)
def _event() -> inspect.StructType:
    kind = inspect.type_info(SubmittedEvent)
    assert isinstance(kind, inspect.StructType)
    return kind


def _fit_members(
    kind: inspect.StructType, given: Mapping[str, Any], pointer: str, found: list[Problem]
) -> dict[str, Any]:
    fields = {field.name: field for field in kind.fields}
    found += [_unknown(pointer, name, fields) for name in given if name not in fields]
    fitting: dict[str, Any] = {}
    for name, field in fields.items():
        value = given.get(name)
        at = f"{pointer}/{name}"
        if value is None:
            if field.required:
                found.append(Problem(at, "is required"))
            elif name in given:
                fitting[name] = None
            continue
        fits = _fit(field.type, value, at, found)
        if fits is not UNSET:
            fitting[name] = fits
    return fitting


# A case for each kind of value.
def _fit(  # noqa: C901
    kind: inspect.Type, value: Any, pointer: str, found: list[Problem]
) -> Any:
    """Return the value as it fits, or UNSET: then what is wrong with it was found."""
    if isinstance(kind, inspect.UnionType):
        (kind,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
    match kind:
        case inspect.AnyType():
            return value
        case inspect.StrType():
            if isinstance(value, str):
                return value
            is_integer = isinstance(value, int) and not isinstance(value, bool)
            if is_integer and pointer.rpartition("/")[2] in IDS:
                return str(value)
            wanted = "a text"
            if pointer == "/time":
                wanted = "a text such as 2026-03-05T09:00:00Z"
        case inspect.LiteralType():
            if value in kind.values:
                return value
            return _miss(pointer, _none_of(value, kind.values), found)
        case inspect.IntType():
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            wanted = "a whole number"
        case inspect.StructType():
            if isinstance(value, Mapping):
                before = len(found)
                fitting = _fit_members(kind, value, pointer, found)
                has_all = all(field.name in fitting for field in kind.fields if field.required)
                return fitting if has_all or len(found) == before else UNSET
            wanted = "an object"
        case inspect.DictType():
            if isinstance(value, Mapping):
                return _fit_values(kind.value_type, value, pointer, found)
            wanted = "an object"
        case inspect.VarTupleType():
            if isinstance(value, list | tuple):
                each = [
                    _fit(kind.item_type, one, f"{pointer}/{index}", found)
                    for index, one in enumerate(value)
                ]
                return [one for one in each if one is not UNSET]
            wanted = "a list"
        case _:
            raise AssertionError(f"no rule for {kind!r}")
    if isinstance(value, Raw) and wanted == "a whole number":
        return _miss(pointer, "must be a whole number, without decimals", found)
    return _miss(pointer, f"must be {wanted}, not {json_type_name(value)}", found)


def _fit_values(
    kind: inspect.Type, value: Mapping[str, Any], pointer: str, found: list[Problem]
) -> dict[str, Any]:
    if isinstance(kind, inspect.AnyType):
        return dict(value)
    each = {
        name: _fit(kind, one, f"{pointer}/{escaped(name[:MAX_NAME])}", found)
        for name, one in value.items()
    }
    return {name: one for name, one in each.items() if one is not UNSET}


def _miss(pointer: str, message: str, found: list[Problem]) -> Any:
    found.append(Problem(pointer, message))
    return UNSET


def _none_of(value: Any, values: tuple[Any, ...]) -> str:
    listed = ", ".join(repr(each) for each in values)
    if not isinstance(value, str):
        return f"must be one of {listed}, not {json_type_name(value)}"
    like = nearest(value, values)
    hint = f"; did you mean {like!r}?" if like else ""
    return f"{value[:SHOWN_CHARACTERS]!r} is none of {listed}{hint}"


def _unknown(pointer: str, name: str, fields: Mapping[str, object]) -> Problem:
    at = f"{pointer}/{escaped(name[:MAX_NAME])}"
    return Problem(at, f"unknown field; {_hint(name, fields, pointer)}")


def _hint(name: str, fields: Mapping[str, object], pointer: str) -> str:
    if not pointer:
        if name.casefold() in ("environment", "env"):
            return "the ingest key says which environment it is"
        if name == "events":
            return "a document that lists events has no other member"
        known = ALIASES.get(name.casefold())
        if known is not None:
            return f"did you mean {known!r}?"
    like = nearest(name, fields)
    return f"did you mean {like!r}?" if like else "put your own data in `details`"
