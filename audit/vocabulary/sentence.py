"""Writes an event as a sentence.

A template is text with these pieces:

    {actor}                 who did it
    {application} {folder}  a thing of that kind, with its noun: "app Orders", or "an app"
    {targets}               whom it was done to: "Ben Frey and 2 others"
    {details.tag}           a detail; dots lead inwards
    {resource}              whatever the event is about
    {event}                 the event type's own words and its code
    {outcome}               failure or denied, for sentences without a verb
    {actor|The system}      what stands there when the value is missing
    [deleted|delete]        the verb, past and infinitive: a failure says "failed to delete", a
                            refusal "was not allowed to delete"
    < as {details.tag}>     left out when a value in it is missing, or is a detail already said
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .catalogue import event_type
from .document import Document
from .event_type import EventType
from .spelling import nearest
from .things import (
    KINDS,
    NamedThing,
    as_words,
    find_any_thing,
    find_detail,
    find_targets,
    find_thing,
    is_person,
)

PartKind = Literal["text", "actor", "application", "resource", "target", "detail"]

# "[deleted|delete]", "{details.role|access}", "<", ">", or plain text
_PIECE = re.compile(r"\[([^|]+)\|([^\]]+)\]|\{([\w.-]+)(?:\|([^}]+))?\}|([<>])|([^\[{<>]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePart:
    """A piece of a sentence, which a page may link.

    id: of the actor, application, resource or target, where it is known
    type: of the resource or target ("folder", "user"), else None
    """

    kind: PartKind
    text: str
    id: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    kind: Literal["verb", "value", "open", "close", "text"]
    text: str
    other: str | None = None


def sentence(document: Document) -> str:
    """Return the sentence of an event: "Ann deleted app Orders"."""
    return "".join(part.text for part in sentence_parts(document))


def sentence_parts(document: Document) -> tuple[SentencePart, ...]:
    """Return the sentence of an event in pieces. Their texts, joined, are the sentence.

    Whatever is missing is left out or said generally.
    """
    known = event_type(as_words(document.type) or "")
    outcome = document.outcome
    parts: list[SentencePart] = []
    optional: list[SentencePart] | None = None
    is_left_out = False
    for piece in _parse(known.sentence):
        if piece.kind == "open":
            optional, is_left_out = [], False
            continue
        if piece.kind == "close":
            if optional is not None and not is_left_out:
                parts.extend(optional)
            optional = None
            continue
        made = _make(piece, document=document, known=known, outcome=outcome)
        if optional is None:
            parts.extend(made or _missing(piece))
        elif made is None or _is_said(made, parts):
            is_left_out = True
        else:
            optional.extend(made)
    return tuple(_joined(parts))


def problem_of(template: str) -> str | None:
    """Return what is wrong with a template, as the end of a sentence about it, or None."""
    position, is_open, tells_failure = 0, False, False
    while position < len(template):
        found = _PIECE.match(template, position)
        if found is None:
            return f"can't be read from {template[position : position + 20]!r} on"
        past, _, value, _, bracket, _ = found.groups()
        name = value or ""
        if name and name not in _VALUES and not (name.startswith("details.") and name[8:]):
            known = nearest(name, (*_VALUES, "details.…"))
            hint = f"did you mean {known!r}?" if known else f"known: {', '.join(_VALUES)}"
            return f"asks for {name!r}, which no event has ({hint})"
        if bracket:
            if (bracket == "<") is is_open:
                return f"has a {bracket!r} too many: what may be left out stands in one < >"
            is_open = not is_open
        tells_failure |= bool(past) or name == "outcome"
        position = found.end()
    if is_open:
        return "has a '<' that no '>' ends"
    if not tells_failure:
        return "says the same of a failure: write the verb as [deleted|delete], or add {outcome}"
    return None


_VALUES = ("actor", "targets", "resource", "event", "outcome", *KINDS)


@lru_cache(maxsize=1_024)
def _parse(template: str) -> tuple[_Piece, ...]:
    return tuple(_pieces(template))


def _pieces(template: str) -> Iterator[_Piece]:
    for past, infinitive, value, fallback, bracket, text in _PIECE.findall(template):
        if past:
            yield _Piece(kind="verb", text=past, other=infinitive)
        elif value:
            yield _Piece(kind="value", text=value, other=fallback or None)
        elif bracket:
            yield _Piece(kind="open" if bracket == "<" else "close", text=bracket)
        else:
            yield _Piece(kind="text", text=text)


def _make(
    piece: _Piece, *, document: Document, known: EventType, outcome: str | None
) -> tuple[SentencePart, ...] | None:
    """Return the parts of one piece; None where the document doesn't have its value."""
    if piece.kind == "text":
        return (_text(piece.text),)
    if piece.kind == "verb":
        return (_text(_verb(piece, outcome=outcome)),)
    if piece.text == "actor":
        return _actor(document, fallback=piece.other)
    if piece.text == "event":
        return (_text(_event(known)),)
    if piece.text == "outcome":
        return (_text(outcome),) if outcome in ("failure", "denied") else None
    if piece.text == "targets":
        return _targets(find_targets(document))
    if piece.text == "resource":
        found = find_any_thing(document)
        return _thing(found[0], found[1]) if found else None
    if piece.text in KINDS:
        thing = find_thing(document, piece.text)
        return _thing(thing[0].noun, thing[1]) if thing else None
    detail = find_detail(document, piece.text.removeprefix("details."))
    return (SentencePart(kind="detail", text=detail),) if detail else None


def _missing(piece: _Piece) -> tuple[SentencePart, ...]:
    if piece.other:
        return (_text(piece.other),)
    if piece.text in KINDS:
        return (_text(KINDS[piece.text].unnamed),)
    return (_text("someone" if piece.text == "targets" else "something"),)


def _verb(piece: _Piece, *, outcome: str | None) -> str:
    if outcome == "failure":
        return f"failed to {piece.other}"
    if outcome == "denied":
        return f"was not allowed to {piece.other}"
    return piece.text


def _event(known: EventType) -> str:
    words = known.label[:1].lower() + known.label[1:]
    return (f"{words} ({known.code})" if words != known.code else words) or "an event"


def _actor(document: Document, *, fallback: str | None) -> tuple[SentencePart, ...]:
    actor = document.actor
    if actor:
        words = map(as_words, (actor.name, actor.email, actor.id))
        text = next((word for word in words if word), None)
        if text:
            return (SentencePart(kind="actor", text=text, id=actor.id or None),)
        if actor.type == "anonymous":
            return (_text("An anonymous user"),)
        if actor.type in ("system", "service"):
            return (_text(f"The {actor.type}"),)
    if "personal" in document.erased:
        return (_text("Someone (erased)"),)
    return (_text(fallback or "Someone"),)


def _thing(noun: str, named: NamedThing) -> tuple[SentencePart, ...]:
    kind: PartKind = "application" if named.type in ("application", "app") else "resource"
    return (
        _text(f"{noun} "),
        SentencePart(kind=kind, text=named.label or "", id=named.id, type=named.type),
    )


def _targets(targets: tuple[NamedThing, ...]) -> tuple[SentencePart, ...] | None:
    if not targets:
        return None
    if len(targets) > 1 and not any(target.name for target in targets):
        people = sum(map(is_person, targets))
        counts = (_counted(people, "user"), _counted(len(targets) - people, "group"))
        return (_text(" and ".join(filter(None, counts))),)
    first, *others = sorted(targets, key=lambda target: target.name is None)
    parts = _target(first)
    if len(others) == 1 and others[0].label:
        return (*parts, _text(" and "), *_target(others[0]))
    if others:
        return (*parts, _text(f" and {_counted(len(others), 'other')}"))
    return parts


def _target(target: NamedThing) -> tuple[SentencePart, ...]:
    noun = "" if is_person(target) else f"{target.type.replace('_', ' ')} "
    if target.label is None:
        return (_text(noun.strip() or "someone"),)
    part = SentencePart(kind="target", text=target.label, id=target.id, type=target.type)
    return (_text(noun), part) if noun else (part,)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}" if count else ""


def _is_said(made: tuple[SentencePart, ...], parts: list[SentencePart]) -> bool:
    """Is this a detail that the sentence has already?"""
    said = {part.text for part in parts}
    return any(part.kind == "detail" and part.text in said for part in made)


def _text(text: str) -> SentencePart:
    return SentencePart(kind="text", text=text)


def _joined(parts: list[SentencePart]) -> Iterator[SentencePart]:
    """Join neighbouring texts into one."""
    waiting = ""
    for part in parts:
        if part.kind == "text":
            waiting += part.text
            continue
        if waiting:
            yield _text(waiting)
            waiting = ""
        yield part
    if waiting:
        yield _text(waiting)
