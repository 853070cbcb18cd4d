"""What does the host project supply, and what holds where it supplies nothing?"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from .errors import KeyRefused

SYSTEM_ENVIRONMENT = "audit-system"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderKey:
    """Who a valid ingest key speaks for.

    environment: key of the environment that it records into
    sender_id, sender: the named service that holds the key
    key_id: the key itself, which changes with rotation
    workspace: the one workspace that the key is bound to, or None
    """

    environment: str
    sender_id: int
    sender: str
    key_id: int
    workspace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentInfo:
    """One environment as people see it, in the sequence from where work begins to where it is used.

    is_production: changes should come here by promotion: others are told as direct ones
    is_on_path: apps are promoted through it; on_path_since: from then on, None for always. What
        went past it before is not held against it
    """

    key: str
    name: str
    colour: str = "#6b7280"
    is_production: bool = False
    is_on_path: bool = True
    on_path_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderInfo:
    """A named service that may send now. last_used_at: when it last showed its key, or None"""

    id: int
    name: str
    environment: str
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one person sees.

    grants: environment key → None for the whole environment, or the ids of the workspaces seen.
        An event without a workspace needs the whole environment.
    """

    grants: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    @property
    def environments(self) -> tuple[str, ...]:
        return tuple(self.grants)

    def has(self, environment: str, workspace: str | None) -> bool:
        """Is an event of this environment and workspace inside the scope?"""
        if environment not in self.grants:
            return False
        workspaces = self.grants[environment]
        return workspaces is None or (workspace is not None and workspace in workspaces)


NOTHING = Scope()


class KeyResolver(Protocol):
    def __call__(self, token: str, *, address: str | None) -> SenderKey | None:
        """Return whom a presented token speaks for, or None if it is not a live ingest key.

        address: where the request came from, for the key's "last used from".
        """


class ReaderResolver(Protocol):
    def __call__(self, token: str) -> Any | None:
        """Return the user that a presented read token belongs to, or None."""


class ScopeOf(Protocol):
    def __call__(self, user: Any) -> Scope:
        """Return what the user may see; never more than they were given."""


class ListEnvironments(Protocol):
    def __call__(self) -> Sequence[EnvironmentInfo]:
        """Return the environments in their order, and which are production."""


class ListSenders(Protocol):
    def __call__(self) -> Sequence[SenderInfo]:
        """Return the services that hold a live key, for what tells of silent ones."""


class KeyOffer(Protocol):
    """Makes a first key at one click, on the page of an installation without events."""

    def is_open_to(self, user: Any) -> bool:
        """May the user make keys?"""

    def make(self, user: Any, *, environment: str, now: datetime) -> str:
        """Return the token of a new key of an environment, which is made if it isn't there.

        Raises `audit.errors.KeyRefused` with a sentence.
        """


def no_key(token: str, *, address: str | None) -> SenderKey | None:
    """No key resolves."""
    return None


def no_reader(token: str) -> Any | None:
    """No read token resolves."""
    return None


def no_scope(user: Any) -> Scope:
    """Nobody sees anything."""
    return NOTHING


def no_senders() -> Sequence[SenderInfo]:
    """Nothing is known of who sends."""
    return ()


class NoKeyOffer:
    """Keys are made elsewhere."""

    def is_open_to(self, user: Any) -> bool:
        return False

    def make(self, user: Any, *, environment: str, now: datetime) -> str:
        raise KeyRefused("Keys are not made here.")


def no_environments() -> Sequence[EnvironmentInfo]:
    """No environment has a name of its own: its key is shown."""
    return ()


def _number(default: float, *, least: float, most: float | None = None) -> Any:
    """least, most: what the system check lets it be, both included."""
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """`settings.AUDIT`, resolved. Each field is a key of that dictionary; all are optional."""

    KEY_RESOLVER: str = "audit.conf.no_key"
    READER_RESOLVER: str = "audit.conf.no_reader"
    SCOPE: str = "audit.conf.no_scope"
    ENVIRONMENTS: str = "audit.conf.no_environments"
    SENDERS: str = "audit.conf.no_senders"
    KEY_OFFER: str = "audit.conf.NoKeyOffer"
    DATABASE: str = "default"
    WORKER_DATABASE: str = "default"
    OWNER_DATABASE: str = "default"
    TIME_ZONE: str = "UTC"
    MAX_BODY_BYTES: int = _number(16 * 2**20, least=1)
    MAX_UNPACKED_BYTES: int = _number(64 * 2**20, least=1)
    MAX_EVENTS: int = _number(10_000, least=1)
    MAX_EVENT_BYTES: int = _number(256 * 2**10, least=1)
    MAX_NESTING: int = _number(64, least=8, most=500)
    MAX_ID_CHARACTERS: int = _number(256, least=16, most=256)
    MAX_EVENT_ID_CHARACTERS: int = _number(128, least=16, most=512)
    MAX_NAME_CHARACTERS: int = _number(1_000, least=16, most=100_000)
    EARLIEST_YEAR: int = _number(2000, least=1970, most=2100)
    MAX_AHEAD_HOURS: int = _number(24, least=0, most=24 * 31)
    MAX_REJECTED_A_DAY: int = _number(10_000, least=0)
    MAX_REJECTED_BYTES_A_DAY: int = _number(16 * 2**20, least=0)
    REQUESTS_A_MINUTE: int = _number(0, least=0)
    BYTES_A_MINUTE: int = _number(0, least=0)
    FAILURES_A_MINUTE: int = _number(0, least=0)
    MAX_STREAMS: int = _number(3, least=1, most=64)
    TRUSTED_PROXIES: int = _number(0, least=0, most=32)
    SEARCH_BUDGET_SECONDS: float = _number(0.25, least=0.01, most=60)
    EXPORT_DIRECTORY: str | os.PathLike[str] = ""
    GEOIP_CITY_PATH: str | os.PathLike[str] = ""
    GEOIP_ASN_PATH: str | os.PathLike[str] = ""
    REDACT: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resolve_key(self) -> KeyResolver:
        return cast(KeyResolver, _imported(self.KEY_RESOLVER))

    @property
    def resolve_reader(self) -> ReaderResolver:
        return cast(ReaderResolver, _imported(self.READER_RESOLVER))

    @property
    def scope_of(self) -> ScopeOf:
        return cast(ScopeOf, _imported(self.SCOPE))

    @property
    def list_environments(self) -> ListEnvironments:
        return cast(ListEnvironments, _imported(self.ENVIRONMENTS))

    @property
    def list_senders(self) -> ListSenders:
        return cast(ListSenders, _imported(self.SENDERS))

    @property
    def key_offer(self) -> KeyOffer:
        return cast(KeyOffer, _imported(self.KEY_OFFER)())


SETTING_NAMES = frozenset(f.name for f in dataclasses.fields(AuditSettings))


@lru_cache(maxsize=1)
def audit_settings() -> AuditSettings:
    """Return the settings of this process. Unknown names are left to the system checks, and so is
    what is no mapping: the defaults hold, with which nobody sees anything.
    """
    said: object = getattr(settings, "AUDIT", {})
    given: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    return AuditSettings(**{name: given[name] for name in given if name in SETTING_NAMES})


@lru_cache
def _imported(path: str) -> Callable[..., Any]:
    return cast(Callable[..., Any], import_string(path))


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "AUDIT":
        audit_settings.cache_clear()


setting_changed.connect(_forget)
