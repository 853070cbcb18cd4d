"""How does an event read, as a row of a table and in its pieces?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from audit.vocabulary import Part, sentence_parts

from .address import Address, Pair
from .labels import Environments, Tag, outcome_label
from .moments import Moment, moment
from .text import shorten, visible

Document = Mapping[str, Any]
MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of text; href: the events that have it, where there is a filter for it.

    is_name: who or what, which is set in bold and kept apart from its neighbours' direction
    """

    text: str
    href: str | None = None
    is_name: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event in the table. outcome: only of what didn't succeed."""

    href: str
    time: Moment
    environment: Tag
    sentence: tuple[Piece, ...]
    outcome: str
    outcome_label: str
    workspace: Piece | None
    place: Piece | None
    device: Piece | None


def event_rows(
    documents: Iterable[Document],
    *,
    address: Address,
    environments: Environments,
    zone: ZoneInfo,
) -> tuple[Row, ...]:
    """address: of the search that found them; a value's link narrows it."""
    return tuple(
        Row(
            href=event_path(document["id"]),
            time=moment(document["time"], zone),
            environment=environment_tag(document, address=address, environments=environments),
            sentence=sentence(document, address=address),
            outcome=document["outcome"] if document["outcome"] != "success" else "",
            outcome_label=outcome_label(document["outcome"] or ""),
            workspace=workspace(document, address=address),
            place=place(document, address=address),
            device=device(document, address=address),
        )
        for document in documents
    )


def event_path(event_id: str) -> str:
    return reverse("audit_web:event", args=[event_id])


def environment_tag(document: Document, *, address: Address, environments: Environments) -> Tag:
    key = document["environment"]
    return environments.tag(key, href=str(address.narrowed("environment", key)))


def sentence(document: Document, *, address: Address) -> tuple[Piece, ...]:
    """Return "Ann updated app Orders" in pieces, those with an id as links to their events."""
    return tuple(_sentence_piece(part, address) for part in sentence_parts(document))


def plain_sentence(document: Document) -> str:
    """Return the sentence as one text, for titles."""
    return "".join(visible(part.text) for part in sentence_parts(document))


def workspace(document: Document, *, address: Address) -> Piece | None:
    return named(document["workspace"], parameter="workspace", address=address)


def named(thing: Mapping[str, Any] | None, *, parameter: str, address: Address) -> Piece | None:
    """Return who or what it is, by name, else by id, linked to the events of the id."""
    thing = thing or {}
    identifier = thing.get("id")
    words = thing.get("name") or thing.get("email") or identifier
    if not words:
        return None
    return Piece(
        text=shorten(str(words), max_length=MAX_NAME_LENGTH),
        href=_link(address, parameter, identifier),
        is_name=True,
        title=visible(str(identifier)) if identifier and identifier != words else "",
    )


def place(document: Document, *, address: Address) -> Piece | None:
    """Return city and country, or what kind of network it is where there is neither."""
    found = document["place"] or {}
    country = found.get("country")
    words = [word for word in (found.get("city") or found.get("region"), country) if word]
    if not words and found.get("kind"):
        words = [found["kind"]]
    if not words:
        return None
    return Piece(text=visible(" ".join(words)), href=_link(address, "country", country))


def device(document: Document, *, address: Address) -> Piece | None:
    """Return browser and system."""
    client = document["client"] or {}
    browser = client.get("agent_name")
    words = [word for word in (browser, client.get("operating_system_name")) if word]
    if not words:
        return None
    text = shorten(" · ".join(words), max_length=MAX_NAME_LENGTH)
    return Piece(text=text, href=_link(address, "browser", browser))


def names_in(documents: Sequence[Document]) -> dict[Pair, str]:
    """Return (filter, id) → name of whatever the events name, the newest name first."""
    names: dict[Pair, str] = {}
    for document in documents:
        things = [
            ("workspace", document["workspace"]),
            ("actor", document["actor"]),
            ("application", document["application"]),
            ("resource", document["resource"]),
            *(("target", target) for target in document["targets"] or ()),
        ]
        for parameter, thing in things:
            if thing and thing.get("id") and thing.get("name"):
                names.setdefault((parameter, thing["id"]), thing["name"])
        sender = document["sender"]
        if sender["id"] is not None and sender["name"]:
            names.setdefault(("sender", str(sender["id"])), sender["name"])
    return names


def _sentence_piece(part: Part, address: Address) -> Piece:
    if part.kind == "text":
        return Piece(text=visible(part.text))
    return Piece(
        text=shorten(part.text, max_length=MAX_NAME_LENGTH),
        href=None if part.kind == "detail" else _link(address, part.kind, part.id),
        is_name=True,
        title=visible(part.id) if part.id and part.id != part.text else "",
    )


def _link(address: Address, parameter: str, value: str | None) -> str | None:
    return str(address.narrowed(parameter, value)) if value else None
