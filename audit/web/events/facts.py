"""Presents what is known of one event, fact by fact, in cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.enrich.place import has_places
from audit.vocabulary.countries import country_name
from audit.vocabulary.document import Actor, Device, Document, Place, Thing
from audit.web.parts.labels import (
    actor_type_label,
    group_label,
    outcome_label,
    type_label,
)
from audit.web.parts.markup import Absent, Piece
from audit.web.parts.moments import moment
from audit.web.parts.text import shorten, thin, visible, visible_json
from audit.web.parts.url import Address, Pair

from .presenters import (
    MAX_NAME_LENGTH,
    askable_pair,
    named,
    shown,
)
from .where_and_how import kind_in_words

NO_LOCATION_DATABASE = gettext_lazy(
    "no location database: set GEOIP_CITY_PATH to one (docs/place.md says where to get it)"
)


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


class Facts:
    """The facts of one event, card by card.

    present_names: of what is called otherwise today (`audit.query.directory.present_names`)
    """

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
        client = self._document.client or Device()
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
        position = position_text(document) or _("not yet given")
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


def position_text(document: Document) -> str:
    """Its place in the log, "" before it is given."""
    return thin(document.position) if isinstance(document.position, int) else ""


def _near(place: Place) -> str:
    """ "45.7600, 4.8400 (± 20 km)" """
    point = f"{place.latitude:.4f}, {place.longitude:.4f}"
    return f"{point} (± {place.radius_km} km)" if place.radius_km is not None else point
