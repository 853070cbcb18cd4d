"""Presents everything that is known of one event, in the order of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.vocabulary.document import Document
from audit.web.parts.devices import device_icons
from audit.web.parts.labels import Environments, outcome_label
from audit.web.parts.markup import Piece, Sentence, Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import shorten, visible, visible_json
from audit.web.parts.url import Address, Pair

from .changes import ShownChange, changes_of
from .facts import Card, Facts, position_text
from .json_tree import Leaf, tree
from .place_map import PlaceMap, place_map
from .presenters import MAX_NAME_LENGTH, environment_tag, named, plain_sentence, sentence
from .rows import event_path
from .where_and_how import where_and_how

PART_LABELS = {
    "head": gettext_lazy("when, where and what"),
    "personal": gettext_lazy("what is personal"),
    "details": gettext_lazy("names, changes and details"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    id: str
    link: str
    title: str
    sentence: Sentence
    time: Moment
    environment: Tag
    outcome: str
    outcome_label: str
    path: tuple[Piece, ...]
    about: str
    position: str
    who: Card
    where: Card
    how: Card
    map: PlaceMap | None
    icons: tuple[str, ...]
    in_words: str
    changes: tuple[ShownChange, ...]
    details: tuple[Leaf, ...]
    receipt: Card
    erased: tuple[str, ...]
    redacted: tuple[str, ...]
    raw: str

    @property
    def known_cards(self) -> tuple[Card, ...]:
        """All cards, receipt too, without what is not known."""
        cards = (self.who, self.where, self.how, self.receipt)
        known = (card.known() for card in cards)
        return tuple(card for card in known if card.facts)


def event_page(
    document: Document,
    *,
    address: Address,
    environments: Environments,
    zone: ZoneInfo,
    present_names: Mapping[Pair, str],
) -> EventPage:
    """address: of all events; a value's link leads to those that share it
    present_names: of what is called otherwise today (`audit.query.directory.present_names`)
    """
    tag = environment_tag(document, address=address, environments=environments)
    facts = Facts(document, address, present_names)
    return EventPage(
        id=document.id,
        link=event_path(document.id),
        title=plain_sentence(document),
        sentence=sentence(document, address=address),
        time=moment(document.time, zone),
        environment=tag,
        outcome=document.outcome or "",
        outcome_label=outcome_label(document.outcome or ""),
        path=tuple(_path(document, address, tag)),
        about=_about(document),
        position=position_text(document),
        who=Card(title=_("Who and what"), facts=tuple(facts.who_and_what())),
        where=Card(title=_("When and where"), facts=tuple(facts.when_and_where(zone))),
        how=Card(title=_("How"), facts=tuple(facts.how())),
        map=place_map(document.place),
        icons=astuple(device_icons(document.client)) if document.client else (),
        in_words=where_and_how(document.client, document.place) or "",
        changes=changes_of(document.changes),
        details=tuple(tree(document.details)),
        receipt=Card(title=_("Sender and receipt"), facts=tuple(facts.receipt(zone))),
        erased=tuple(str(PART_LABELS.get(part, part)) for part in document.erased),
        redacted=tuple(visible(path) for path in document.redacted),
        raw=visible_json(document),
    )


def _about(document: Document) -> str:
    """What the event was about, by name."""
    thing = document.about
    words = (thing.name or thing.id or "") if thing else ""
    return shorten(words, max_length=MAX_NAME_LENGTH)


def _path(document: Document, address: Address, tag: Tag) -> Iterator[Piece]:
    """Environment › Workspace › User › Resource, each leading to its events."""
    yield Piece(text=tag.name, href=tag.href, is_name=True)
    steps = (
        named(document.workspace, parameter="workspace", address=address),
        named(document.actor, parameter="actor", address=address),
        named(document.resource, parameter="resource", address=address)
        or named(document.application, parameter="application", address=address),
    )
    yield from (step for step in steps if step)
