"""Presents one event as the cells of a table row."""

from __future__ import annotations

from collections.abc import Iterable

from audit.query.search.parameters import askable
from audit.vocabulary import SentencePart, sentence_parts
from audit.vocabulary.document import Actor, Document, Thing
from audit.web.parts.devices import device_icons
from audit.web.parts.labels import Environments, outcome_label, type_label
from audit.web.parts.markup import NOTHING, Absent, Piece, Sentence, Tag
from audit.web.parts.text import shorten, visible
from audit.web.parts.url import Address, Pair

from .where_and_how import kind_in_words, place_in_words, where_and_how

MAX_NAME_LENGTH = 60
MAX_TEXT_LENGTH = 100


def environment_tag(document: Document, *, address: Address, environments: Environments) -> Tag:
    key = document.environment
    return environments.tag(key, href=str(address.narrowed("environment", key)))


def sentence(document: Document, *, address: Address) -> Sentence:
    """Return "Ann updated app Orders" in pieces, those with an id as links to their events."""
    return Sentence(tuple(_sentence_piece(part, address) for part in sentence_parts(document)))


def plain_sentence(document: Document) -> str:
    """Return the sentence as one text, for titles."""
    return "".join(visible(part.text) for part in sentence_parts(document))


def named(thing: Thing | None, *, parameter: str, address: Address) -> Piece | None:
    """Return who or what it is, by name, else by id, linked to the events of the id."""
    if thing is None:
        return None
    email = thing.email if isinstance(thing, Actor) else None
    return _named(thing.name or email or thing.id, thing.id, parameter, address)


def sender(document: Document, *, address: Address) -> Piece | None:
    known = document.sender
    number = str(known.id) if known.id is not None else None
    return _named(known.name or number, number, "sender", address)


def _named(
    words: str | None, identifier: str | None, parameter: str, address: Address
) -> Piece | None:
    if not words:
        return None
    pair = askable_pair(parameter, identifier)
    return Piece(
        text=shorten(words, max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        is_name=True,
        title=visible(identifier) if identifier and identifier != words else "",
    )


def place(document: Document, *, address: Address) -> Piece | None:
    """Return city and country, or what kind of network it is where there is neither."""
    found = document.place
    if found is None:
        return None
    country = found.country or ""
    words = found.city or found.region or ""
    if not words and not country:
        return Piece(text=visible(kind_in_words(found.kind))) if found.kind else None
    pair = askable_pair("country", country)
    return Piece(
        text=visible(words or country),
        href=_link(address, pair),
        filter=pair,
        title=visible(place_in_words(found) or ""),
        note=visible(country) if words and country else "",
    )


def device(document: Document, *, address: Address) -> Piece | None:
    """Return browser and system."""
    client = document.client
    words = list(filter(None, (client.agent_name, client.operating_system_name) if client else ()))
    if not client or not words:
        return None
    pair = askable_pair("browser", client.agent_name)
    return Piece(
        text=shorten(" · ".join(words), max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        title=where_and_how(client, None) or "",
        icon=device_icons(client).device_class,
    )


def type_piece(document: Document, *, address: Address) -> Piece:
    code = document.type
    pair = askable_pair("type", code)
    return Piece(
        text=shorten(type_label(code), max_length=MAX_NAME_LENGTH),
        href=_link(address, pair),
        filter=pair,
        title=visible(code),
    )


def outcome(document: Document, *, address: Address) -> Piece | None:
    code = document.outcome
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
        for facet, thing in document.things:
            if thing.id and thing.name:
                names.setdefault((facet, thing.id), thing.name)
        known = document.sender
        if known.id is not None and known.name:
            names.setdefault(("sender", str(known.id)), known.name)
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
