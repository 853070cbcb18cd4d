"""Turns the declared operations into the page of the reference."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from audit.facets import EXCLUDE
from audit.ingest.format import JSON
from audit.rest.problem_types import PREFIX, PROBLEMS

from .declare import INGEST_KEY, READERS, Operation, Parameter, Schema
from .document import declared, groups, openapi_document, problems_of
from .parameters import FILTERS
from .shapes import SHAPES

_REF = "#/components/schemas/"
_WHO = {
    (INGEST_KEY,): "an ingest key",
    READERS: "a read token, or a browser's session",
    (): "nobody in particular",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A type in words; shape: the shape that it links to, if any."""

    words: str
    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a sentence; is_code: what stood in backticks."""

    text: str
    is_code: bool


Sentence = Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A parameter of an operation, or a member of a shape."""

    name: str
    typed: Typed
    says: Sentence
    is_required: bool
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A body or an answer: what it says, its type, and an example as text."""

    title: Sentence
    says: Sentence
    media_type: str
    typed: Typed | None
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    status: int
    type: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One operation. takes_filters: those of a search, told once for all."""

    id: str
    method: str
    path: str
    title: str
    says: Sentence
    who: str
    rows: Sequence[Row]
    takes_filters: bool
    bodies: Sequence[Said]
    answers: Sequence[Said]
    problems: Sequence[ProblemRow]
    curl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    slug: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    name: str
    says: Sentence
    rows: Sequence[Row]
    typed: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    groups: Sequence[Group]
    filters: Sequence[Row]
    shapes: Sequence[Shape]
    problems: Sequence[ProblemRow]


def reference(origin: str) -> Reference:
    """Return the whole page. origin: such as https://audit.example.org, for the curl lines."""
    by_id = {operation.id: operation for operation in declared().values()}
    entries: dict[str, list[Entry]] = {group: [] for group in groups()}
    for path, methods in openapi_document()["paths"].items():
        for method, told in methods.items():
            operation = by_id[told["operationId"]]
            entries[operation.group].append(_entry(operation, method.upper(), path, origin))
    order = {operation.id: place for place, operation in enumerate(declared().values())}
    return Reference(
        groups=tuple(
            Group(
                name=group,
                slug="".join(c if c.isalnum() else "-" for c in group.lower()),
                entries=sorted(found, key=lambda entry: order[entry.id]),
            )
            for group, found in entries.items()
        ),
        filters=tuple(_row(each) for each in FILTERS if not each.name.startswith(EXCLUDE)),
        shapes=tuple(_shape(name, schema) for name, schema in SHAPES.items()),
        problems=tuple(_problem(slug) for slug in PROBLEMS),
    )


def _entry(operation: Operation, method: str, path: str, origin: str) -> Entry:
    filters = {each.name for each in FILTERS}
    takes_filters = filters <= {each.name for each in operation.parameters}
    own = [p for p in operation.parameters if not (takes_filters and p.name in filters)]
    body = operation.body
    return Entry(
        id=operation.id,
        method=method,
        path=path,
        title=operation.title,
        says=sentence(operation.says),
        who=_WHO[tuple(operation.who)],
        rows=tuple(_row(each) for each in own),
        takes_filters=takes_filters,
        bodies=tuple(
            Said(
                title=sentence(body.says),
                says=(),
                media_type=kind,
                typed=type_in_words(schema),
                example=_as_text(body.examples.get(kind)),
            )
            for kind, schema in body.content.items()
        )
        if body is not None
        else (),
        answers=tuple(
            Said(
                title=sentence(str(status)),
                says=sentence(answer.says),
                media_type=answer.media_type if answer.schema is not None else "",
                typed=type_in_words(answer.schema) if answer.schema is not None else None,
                example=_as_text(answer.example),
            )
            for status, answer in operation.answers.items()
        ),
        problems=tuple(_problem(slug) for slug in problems_of(operation)),
        curl=_curl(operation, method, path, origin),
    )


def _row(parameter: Parameter) -> Row:
    return Row(
        name=parameter.name,
        typed=type_in_words(parameter.schema),
        says=sentence(parameter.says),
        is_required=parameter.is_required,
        place="" if parameter.place == "query" else parameter.place,
    )


def _problem(slug: str) -> ProblemRow:
    status, title = PROBLEMS[slug]
    return ProblemRow(status=status, type=PREFIX + slug, title=title)


def _shape(name: str, schema: Schema) -> Shape:
    needed = frozenset(schema.get("required", ()))
    return Shape(
        name=name,
        says=sentence(schema.get("description", "")),
        typed=type_in_words(schema),
        rows=tuple(_members(schema, needed)),
    )


def _members(schema: Schema, needed: frozenset[str], before: str = "") -> Iterator[Row]:
    """The members of an object, and those of objects without a name inside of it."""
    for name, member in schema.get("properties", {}).items():
        yield Row(
            name=before + name,
            typed=type_in_words(member),
            says=sentence(member.get("description", "")),
            is_required=name in needed,
        )
        inner = member.get("items", member)
        if isinstance(inner, Mapping) and "properties" in inner:
            suffix = "[]." if "items" in member else "."
            inner_needed = frozenset(inner.get("required", ()))
            yield from _members(dict(inner), inner_needed, f"{before}{name}{suffix}")


def sentence(text: str) -> Sentence:
    """Return a text of the document (CommonMark, of which only backticks are used) in pieces."""
    return tuple(
        Part(text=piece, is_code=place % 2 == 1)
        for place, piece in enumerate(text.split("`"))
        if piece
    )


def type_in_words(schema: Schema) -> Typed:
    """Return what a JSON Schema allows, in a few words."""
    if "$ref" in schema:
        shape = schema["$ref"].removeprefix(_REF)
        return Typed(words=shape, shape=shape)
    if "anyOf" in schema:
        ways = [type_in_words(each) for each in schema["anyOf"]]
        return Typed(
            words=" or ".join(dict.fromkeys(way.words for way in ways)),
            shape=next((way.shape for way in ways if way.shape), ""),
        )
    if "enum" in schema:
        return Typed(words=" · ".join(_as_text(value) for value in schema["enum"]))
    kinds = schema.get("type", "anything")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        of = type_in_words(schema.get("items", {}))
        return Typed(words=f"list of {of.words}", shape=of.shape)
    text = schema.get("format", "string")
    words: str = " or ".join(text if kind == "string" else kind for kind in kinds)
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        words += f", {least:,} to {most:,}"
    return Typed(words=words)


def _curl(operation: Operation, method: str, path: str, origin: str) -> str:
    pairs = [
        (p.name, value)
        for p in operation.parameters
        if p.place == "query"
        and (p.is_required or p.is_tried or p.name in ("type", "from", "prefix"))
        for value in (p.example if isinstance(p.example, list) else [_given(p)])
        if value
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    said = {p.name: p.example for p in operation.parameters if p.place == "path" and p.example}
    path = re.sub(r"\{(\w+)\}", lambda match: said.get(match[1], f"${match[1].upper()}"), path)
    lines = [f'curl -X {method} "{origin}{path}{query}"']
    if operation.who:
        word = "KEY" if INGEST_KEY in operation.who else "TOKEN"
        lines.append(f'-H "Authorization: Bearer ${word}"')
    if operation.body is not None:
        example = json.dumps(operation.body.examples[JSON], ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(example)}"]
    return " \\\n  ".join(lines)


def _given(parameter: Parameter) -> Any:
    return parameter.example or next(iter(parameter.schema.get("enum", ())), None)


def _as_text(example: Any) -> str:
    if example is None:
        return ""
    return (
        example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
    )
