"""Presents everything that is known of one event, in the order of its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.enrich.place import has_places
from audit.vocabulary.countries import country_name
from audit.vocabulary.document import Actor, Client, Document, Place, Thing
from audit.web.parts.devices import device_icons
from audit.web.parts.labels import (
    Environments,
    actor_type_label,
    group_label,
    outcome_label,
    type_label,
)
from audit.web.parts.markup import Absent, Piece, Sentence, Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import shorten, thin, visible, visible_json
from audit.web.parts.url import Address, Pair

from .changes import Change, changes_of
from .inner_json import inner_json
from .marked import mark_whole
from .place_map import PlaceMap, place_map
from .presenters import (
    MAX_NAME_LENGTH,
    askable_pair,
    environment_tag,
    named,
    plain_sentence,
    sentence,
    shown,
    workspace,
)
from .rows import event_path
from .where_and_how import kind_in_words, where_and_how

MAX_DEPTH = 12
NO_LOCATION_DATABASE = gettext_lazy(
    "no location database: set GEOIP_CITY_PATH to one (docs/place.md says where to get it)"
)
PART_LABELS = {
    "head": gettext_lazy("when, where and what"),
    "personal": gettext_lazy("what is personal"),
    "details": gettext_lazy("names, changes and details"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """label: what it is; piece: the value, None where unknown; is_code: an id, a hash, …
    note: what is to be said beside it
    """

    label: str
    piece: Piece | None
    is_code: bool = False
    note: str = ""

    @property
    def shown(self) -> Piece | Absent:
        return shown(self.piece)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    title: str
    facts: tuple[Fact, ...]

    def known(self) -> Card:
        """Return the card without what is not known."""
        return Card(title=self.title, facts=tuple(fact for fact in self.facts if fact.piece))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One line of the tree of details. depth: 0 at its root, MAX_DEPTH at most; value: None for
    a member that holds others; as_json: of a text that is JSON, the same in its lines, else ""
    """

    depth: int
    name: str
    value: SafeString | None
    as_json: str = ""


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
    changes: tuple[Change, ...]
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
    facts = _Facts(document, address, present_names)
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
        position=_position(document),
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


def _position(document: Document) -> str:
    """Its place in the log, "" before it is given."""
    return thin(document.position) if isinstance(document.position, int) else ""


def _about(document: Document) -> str:
    """What the event was about, by name."""
    thing = document.about
    words = (thing.name or thing.id or "") if thing else ""
    return shorten(words, max_length=MAX_NAME_LENGTH)


def tree(value: Any) -> Iterator[Leaf]:
    """Yield the lines of a JSON object or list, members before what they hold."""
    waiting = [(0, name, member) for name, member in _members(value)][::-1]
    while waiting:
        depth, name, member = waiting.pop()
        inner = list(_members(member))
        yield Leaf(
            depth=min(depth, MAX_DEPTH),
            name=visible(name),
            value=None if inner else mark_whole(member, ""),
            as_json=_as_json(member),
        )
        waiting += [(depth + 1, key, each) for key, each in inner][::-1]


def _as_json(value: Any) -> str:
    found = inner_json(value) if isinstance(value, str) else None
    return visible_json(found) if found is not None else ""


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(name), member) for name, member in value.items()]
    if isinstance(value, list | tuple):
        return [(str(index), member) for index, member in enumerate(value)]
    return ()


def _path(document: Document, address: Address, tag: Tag) -> Iterator[Piece]:
    """Environment › Workspace › User › Resource, each leading to its events."""
    yield Piece(text=tag.name, href=tag.href, is_name=True)
    steps = (
        workspace(document, address=address),
        named(document.actor, parameter="actor", address=address),
        named(document.resource, parameter="resource", address=address)
        or named(document.application, parameter="application", address=address),
    )
    yield from (step for step in steps if step)


class _Facts:
    """The facts of one event, card by card."""

    def __init__(
        self, document: Document, address: Address, present_names: Mapping[Pair, str]
    ) -> None:
        self._document = document
        self._address = address
        self._present_names = present_names

    def who_and_what(self) -> Iterator[Fact]:
        document = self._document
        yield from self._thing(_("User"), document.actor, "actor")
        actor = document.actor or Actor()
        yield self._fact(_("E-mail"), actor.email)
        if actor.type:
            yield Fact(label=_("Kind of user"), piece=Piece(text=actor_type_label(actor.type)))
        yield Fact(
            label=_("Type"),
            piece=Piece(
                text=type_label(document.type),
                href=self._link("type", document.type),
                filter=("type", document.type),
                title=visible(document.type),
            ),
        )
        yield Fact(
            label=_("Group"),
            piece=Piece(text=group_label(document.group), href=self._link("group", document.group)),
        )
        outcome = document.outcome
        yield Fact(
            label=_("Outcome"),
            piece=Piece(text=outcome_label(outcome), href=self._link("outcome", outcome))
            if outcome
            else None,
        )
        yield from self._thing(_("App"), document.application, "application")
        if document.application and document.application.gid:
            yield self._fact(_("App everywhere"), document.application.gid, is_code=True)
        resource = document.resource
        if resource:
            yield from self._thing(_("Resource"), resource, "resource")
            yield self._fact(_("Kind of resource"), resource.type, "resource_type")
        for target in document.targets:
            label = _("Done to %(type)s") % {"type": visible(target.type or "")}
            yield from self._thing(label, target, "target")

    def when_and_where(self, zone: ZoneInfo) -> Iterator[Fact]:
        document = self._document
        when = moment(document.time, zone)
        yield Fact(label=_("Happened"), piece=Piece(text=when.exact))
        yield self._fact(_("In UTC"), when.utc, is_code=True)
        yield Fact(label=_("Received"), piece=Piece(text=moment(document.received_at, zone).exact))
        yield from self._thing(_("Workspace"), document.workspace, "workspace")
        place = document.place or Place()
        if not document.place and not has_places():
            yield Fact(label=_("Place"), piece=Piece(text=str(NO_LOCATION_DATABASE)))
        yield self._fact(_("City"), place.city, "city")
        yield self._fact(_("Region"), place.region)
        country = place.country
        yield Fact(
            label=_("Country"),
            piece=Piece(
                text=visible(country_name(country)),
                href=self._link("country", country),
                filter=("country", country),
                note=visible(country),
            )
            if country
            else None,
        )
        if place.latitude is not None and place.longitude is not None:
            yield self._fact(_("Near"), _near(place))
        yield self._fact(_("Its time zone"), place.time_zone)
        yield self._fact(_("Address"), document.context.ip, "ip", is_code=True)
        yield self._fact(_("Kind of address"), kind_in_words(place.kind or ""))
        yield self._fact(_("Network"), place.network, is_code=True)
        yield self._fact(_("Organisation"), place.organisation)

    def how(self) -> Iterator[Fact]:
        client = self._document.client or Client()
        context = self._document.context
        yield self._fact(_("Browser or client"), client.agent_name, "browser")
        yield self._fact(_("Its version"), client.agent_version)
        yield self._fact(_("System"), client.operating_system_name, "os")
        yield self._fact(_("System version"), client.operating_system_version)
        yield self._fact(_("Device"), client.device_name)
        yield self._fact(_("Brand"), client.device_brand)
        yield self._fact(_("Kind of device"), client.device_class, "device_class")
        engine = (client.layout_engine_name, client.layout_engine_version)
        yield self._fact(_("Engine"), " ".join(filter(None, engine)))
        inside = (client.webview_app_name, client.webview_app_version)
        yield self._fact(_("Inside the app"), " ".join(filter(None, inside)))
        yield self._fact(_("User agent"), context.user_agent, is_code=True)
        if context.raw_client_hints:
            hints = visible_json(context.raw_client_hints, indent=0)
            yield Fact(label=_("Client hints"), piece=Piece(text=hints), is_code=True)
        yield self._fact(_("Session"), context.session, "session", is_code=True)
        yield self._fact(_("Request"), context.request_id, "request_id", is_code=True)
        yield self._fact(_("Trace"), context.trace, "trace", is_code=True)

    def receipt(self, zone: ZoneInfo) -> Iterator[Fact]:
        document = self._document
        sender = document.sender
        number = str(sender.id) if sender.id is not None else None
        yield Fact(
            label=_("Sender"),
            piece=Piece(
                text=visible(sender.name or number),
                href=self._link("sender", number),
                is_name=True,
            )
            if number
            else None,
        )
        yield self._number(_("Ingest key"), sender.key)
        yield self._fact(_("Sent from"), sender.address, is_code=True)
        yield self._fact(_("Source"), document.source, "source")
        yield self._number(_("Sequence"), document.sequence)
        yield self._fact(_("Event id"), document.id, is_code=True)
        yield self._fact(_("Sender's id"), document.submitted_id, is_code=True)
        yield self._number(_("Submission"), document.submission)
        position = _position(document) or _("not yet given")
        yield Fact(label=_("Position in the log"), piece=Piece(text=position))
        yield self._fact(_("Receipt"), document.leaf or "", is_code=True)

    def _thing(self, label: str, thing: Thing | None, parameter: str) -> Iterator[Fact]:
        """A name with its link, and its id below where that isn't the name."""
        piece = named(thing, parameter=parameter, address=self._address)
        identifier = thing.id if thing else None
        yield Fact(label=label, piece=piece, note=self._now_called(parameter, identifier))
        if piece and identifier and piece.text != visible(identifier):
            yield self._fact(_("%(thing)s's id") % {"thing": label}, identifier, is_code=True)

    def _now_called(self, parameter: str, identifier: str | None) -> str:
        """The event says the name of then."""
        name = self._present_names.get((parameter, identifier or ""))
        words = shorten(name, max_length=MAX_NAME_LENGTH) if name else ""
        return _("now called %(name)s") % {"name": words} if words else ""

    def _fact(
        self, label: str, value: str | None, parameter: str = "", *, is_code: bool = False
    ) -> Fact:
        if not value:
            return Fact(label=label, piece=None)
        pair = askable_pair(parameter, value)
        href = str(self._address.narrowed(*pair)) if pair else None
        piece = Piece(text=visible(value), href=href, filter=pair)
        return Fact(label=label, piece=piece, is_code=is_code)

    def _number(self, label: str, value: int | None) -> Fact:
        return Fact(label=label, piece=Piece(text=str(value)) if value is not None else None)

    def _link(self, parameter: str, value: str | None) -> str | None:
        pair = askable_pair(parameter, value)
        return str(self._address.narrowed(*pair)) if pair else None


def _near(place: Place) -> str:
    """ "45.7600, 4.8400 (± 20 km)" """
    point = f"{place.latitude:.4f}, {place.longitude:.4f}"
    return f"{point} (± {place.radius_km} km)" if place.radius_km is not None else point
