"""Says what an event is to whoever reads it: the sender's members again, with what was added.

As JSON it is what the API, exports and pages give, members in this order. What begins with `raw_`
is JSON that is passed on as it was stored; what it holds is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

NULL = Raw(b"null")
NOTHING = Raw()
EMPTY_OBJECT = Raw(b"{}")
EMPTY_LIST = Raw(b"[]")


# Structs that leave out what they lack.
class Workspace(Struct, frozen=True, gc=False, omit_defaults=True):
    id: str | None = None
    name: str | None = None


class Actor(Struct, frozen=True, gc=False, omit_defaults=True):
    email: str | None = None
    id: str | None = None
    name: str | None = None
    type: str | None = None


class Application(Struct, frozen=True, gc=False, omit_defaults=True):
    gid: str | None = None
    id: str | None = None
    name: str | None = None


class Resource(Struct, frozen=True, gc=False, omit_defaults=True):
    id: str | None = None
    type: str | None = None
    name: str | None = None


class Target(Struct, frozen=True, gc=False, omit_defaults=True):
    """Who or what else it was done to. A resource that is a person has its members in this order,
    too: so it was stored.
    """

    id: str | None = None
    name: str | None = None
    type: str | None = None


class Context(Struct, frozen=True, gc=False, omit_defaults=True):
    raw_client_hints: Raw = field(default=NOTHING, name="client_hints")
    ip: str | None = None
    session: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    trace: str | None = None


# Structs that say null.
class Sender(Struct, frozen=True, gc=False):
    """key: the number of the ingest key; address: whence it was sent"""

    id: int | None = None
    name: str | None = None
    key: int | None = None
    address: str | None = None


class FieldChange(Struct, frozen=True):
    field: str = ""
    new: Any = None
    old: Any = None


class Device(Struct, frozen=True, gc=False):
    """What a user agent and its hints say; None for what they don't say.

    agent: the browser or program; versions are as sent, `>=10` where only a lower bound is known
    device_class: "Phone", "Tablet", "Desktop", "TV", "Game Console", "Virtual Reality", "Watch",
        "Car", "Robot" or "API client"
    device_name: without its brand; layout_engine: what draws the page
    webview_app: the app whose in-app browser it is
    """

    agent_name: str | None = None
    agent_version: str | None = None
    device_class: str | None = None
    device_name: str | None = None
    device_brand: str | None = None
    operating_system_name: str | None = None
    operating_system_version: str | None = None
    layout_engine_name: str | None = None
    layout_engine_version: str | None = None
    webview_app_name: str | None = None
    webview_app_version: str | None = None


class Place(Struct, frozen=True, gc=False):
    """Where its address is (`audit.enrich.place.Place`)."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int | None = None
    time_zone: str | None = None
    network: str | None = None
    organisation: str | None = None
    kind: str | None = None


class SignedTree(Struct, frozen=True, gc=False):
    """The smallest checkpoint kept that covers an event. size: leaves under it"""

    size: int
    signed_at: str


class Seal(Struct, frozen=True, gc=False):
    """How far an event has come in its log. state: "recorded", "sealed" or "signed"; checkpoint:
    None before it is signed
    """

    state: str
    checkpoint: SignedTree | None = None


Thing = Workspace | Actor | Application | Resource | Target


class Document(Struct, frozen=True, dict=True):
    """One event. Times are RFC 3339 in UTC.

    leaf: hexadecimal, None before its receipt is there; position: None before it is given; both
        are left out where they are not asked for, and so is seal, which goes on changing
    erased: names of the parts that are no longer there
    """

    id: str = ""
    submitted_id: str | None = None
    time: str = ""
    type: str = ""
    group: str = ""
    label: str = ""
    outcome: str | None = None
    environment: str = ""
    workspace: Workspace | None = None
    actor: Actor | None = None
    application: Application | None = None
    resource: Resource | None = None
    targets: Sequence[Target] = ()
    context: Context = Context()
    raw_changes: Raw = field(default=EMPTY_LIST, name="changes")
    raw_details: Raw = field(default=EMPTY_OBJECT, name="details")
    source: str | None = None
    sequence: int | None = None
    received_at: str = ""
    sender: Sender = Sender()
    raw_client: Raw = field(default=NULL, name="client")
    raw_place: Raw = field(default=NULL, name="place")
    raw_redacted: Raw = field(default=EMPTY_LIST, name="redacted")
    leaf: str | UnsetType | None = UNSET
    submission: int = 0
    position: int | UnsetType | None = UNSET
    erased: Sequence[str] = ()
    seal: Seal | UnsetType = UNSET

    @cached_property
    def changes(self) -> tuple[FieldChange, ...]:
        """A decimal in them is a `msgspec.Raw` that holds its own digits."""
        return _read_changes(self.raw_changes)

    @cached_property
    def details(self) -> dict[str, Any]:
        """A decimal in them is a `msgspec.Raw` that holds its own digits."""
        return _read_details(self.raw_details)

    @property
    def detail_members(self) -> dict[str, Raw]:
        """The members of `details`, unread."""
        return _read_members(self.raw_details)

    @cached_property
    def client(self) -> Device | None:
        return _read_client(self.raw_client)

    @cached_property
    def place(self) -> Place | None:
        return _read_place(self.raw_place)

    @property
    def redacted(self) -> list[str]:
        """Pointers to what was masked (RFC 6901)."""
        return _read_redacted(self.raw_redacted)

    @property
    def things(self) -> Iterator[tuple[str, Thing]]:
        """Who and what has a name in it, each with the facet by which one searches for it."""
        named: list[tuple[str, Thing | None]] = [
            ("workspace", self.workspace),
            ("actor", self.actor),
            ("application", self.application),
            ("resource", self.resource),
            *(("target", target) for target in self.targets),
        ]
        return ((facet, thing) for facet, thing in named if thing)

    @property
    def about(self) -> Resource | Application | None:
        """The resource, or else the application."""
        return self.resource or self.application


def _digits(text: str) -> Raw:
    return Raw(text.encode())


_read_changes = msgspec.json.Decoder(tuple[FieldChange, ...], float_hook=_digits).decode
_read_details = msgspec.json.Decoder(dict[str, Any], float_hook=_digits).decode
_read_members = msgspec.json.Decoder(dict[str, Raw]).decode
_read_client = msgspec.json.Decoder(Device | None).decode
_read_place = msgspec.json.Decoder(Place | None).decode
_read_redacted = msgspec.json.Decoder(list[str]).decode

# The name of each member as JSON has it → its attribute.
MEMBERS: Mapping[str, str] = {
    each.encode_name: each.name for each in msgspec.structs.fields(Document)
}
