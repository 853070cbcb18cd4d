"""Presents one event as the cells of a table row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit.query.search.parameters import askable
from audit.vocabulary import SentencePart, sentence_parts
from audit.web.parts.devices import device_icons
from audit.web.parts.labels import Environments, outcome_label, type_label
from audit.web.parts.markup import NOTHING, Absent, Piece, Sentence, Tag
from audit.web.parts.text import shorten, visible
from audit.web.parts.url import Address, Pair

from .where_and_how import kind_in_words, place_in_words, where_and_how

Document = Mapping[str, Any]
MAX_NAME_LENGTH = 60
MAX_TEXT_LENGTH = 100


def environment_tag(document: Document, *, address: Address, environments: Environments) -> Tag:
    key = document["environment"]
    return environments.tag(key, href=str(address.narrowed("environment", key)))


def sentence(document: Document, *, address: Address) -> Sentence:
    """Return "Ann updated app Orders" in pieces, those with an id as links to their events."""
    return Sentence(tuple(_sentence_piece(part, address) for part in sentence_parts(document)))


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
    pair = askable_pair(parameter, identifier)
    return Piece(
        text=shorten(str(words), max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        is_name=True,
        title=visible(str(identifier)) if identifier and identifier != words else "",
    )


def place(document: Document, *, address: Address) -> Piece | None:
    """Return city and country, or what kind of network it is where there is neither."""
    found = document["place"] or {}
    country = found.get("country")
    words = found.get("city") or found.get("region") or ""
    if not words and not country:
        kind = found.get("kind")
        return Piece(text=visible(kind_in_words(kind))) if kind else None
    pair = askable_pair("country", country)
    return Piece(
        text=visible(str(words or country)),
        href=_link(address, pair),
        filter=pair,
        title=visible(place_in_words(found) or ""),
        note=visible(country) if words and country else "",
    )


def device(document: Document, *, address: Address) -> Piece | None:
    """Return browser and system."""
    client = document["client"] or {}
    browser = client.get("agent_name")
    words = [word for word in (browser, client.get("operating_system_name")) if word]
    if not words:
        return None
    pair = askable_pair("browser", browser)
    return Piece(
        text=shorten(" · ".join(words), max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        title=where_and_how(client, None) or "",
        icon=device_icons(client).device_class,
    )


def type_piece(document: Document, *, address: Address) -> Piece:
    code = document["type"]
    pair = askable_pair("type", code)
    return Piece(
        text=shorten(type_label(code), max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        title=visible(code),
    )


def outcome(document: Document, *, address: Address) -> Piece | None:
    code = document["outcome"]
    if not code:
        return None
    pair = askable_pair("outcome", code)
    return Piece(text=outcome_label(code), href=_link(address, pair), filter=pair)


def plain(value: str | None, parameter: str, *, address: Address) -> Piece | None:
    """Return a value that is its own name, such as an address or a session."""
    if not value:
        return None
    pair = askable_pair(parameter, value)
    return Piece(
        text=shorten(value, max_length=MAX_NAME_LENGTH), href=_link(address, pair), filter=pair
    )


def shown(piece: Piece | None) -> Piece | Absent:
    return piece or NOTHING


def names_in(documents: Iterable[Document]) -> dict[Pair, str]:
    """Return (filter, id) → name of whatever the events name, the newest name first."""
    names: dict[Pair, str] = {}
    for document in documents:
        things: Sequence[tuple[str, Any]] = [
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


def _sentence_piece(part: SentencePart, address: Address) -> Piece:
    if part.kind == "text":
        return Piece(text=shorten(part.text, max_length=MAX_TEXT_LENGTH))
    pair = askable_pair(part.kind, part.id) if part.kind != "detail" else None
    return Piece(
        text=shorten(part.text, max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        is_name=True,
        title=visible(part.id) if part.id and part.id != part.text else "",
    )


def askable_pair(parameter: str, value: str | None) -> Pair | None:
    """Return the filter that finds what has this value; None where no search takes it."""
    asked = askable(parameter, value) if parameter and value else None
    return (parameter, asked) if asked else None


def _link(address: Address, pair: Pair | None) -> str | None:
    return str(address.narrowed(*pair)) if pair else None
