"""The protocols that a host implements, the values they exchange, and what holds without a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from .errors import KeyRefused

SYSTEM_ENVIRONMENT = "audit-system"
# What stands for an environment where the installation as a whole is meant.
INSTALLATION = ""
# What one may be allowed to do; `May` says what each of them opens.
Ability = Literal[
    "read",
    "personal",
    "export",
    "evidence",
    "verify",
    "log",
    "rejected",
    "alarms",
    "health",
    "keys",
    "environments",
    "people",
    "system_log",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderKey:
    """The sender that a valid ingest key belongs to.

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

    is_production: changes should arrive here by promotion; others are flagged as direct
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


EMPTY_SCOPE = Scope()


class KeyResolver(Protocol):
    def __call__(self, token: str, *, ip_address: str | None) -> SenderKey | None:
        """Return the sender of a presented token, or None if it is not a live ingest key.

        ip_address: where the request came from, as text, for the key's "last used from".
        """


class ReaderResolver(Protocol):
    def __call__(self, token: str) -> Any | None:
        """Return the user that a presented read token belongs to, or None."""


class ScopeResolver(Protocol):
    def __call__(self, user: Any) -> Scope:
        """Return what the user may see; never more than they were given."""


class May(Protocol):
    def __call__(self, user: Any, ability: Ability, environment: str) -> bool:
        """Return whether a user may do something in an environment.

        environment: its key, or `INSTALLATION`

        Of the events that they see there, all of them:

        - `read`: find and read them, which `SCOPE` decides; nothing else asks for it
        - `personal`: read what was refused with its texts, in which people are named
        - `export`: have them as a file
        - `verify`: have a proof of an event, and have it verified

        Of the environment as a whole:

        - `evidence`: export its events with salts and proofs
        - `log`: its tiles and checkpoints, what verifying found, its alarms: nothing personal
        - `rejected`: what was refused of whom and why
        - `alarms`: clear alarms of a log that they see; of the installation: see and clear its own
        - `keys`: senders and ingest keys
        - `environments`: its name, order and marks; of the installation: add one
        - `people`: who may do what there

        Of the installation alone:

        - `health`: how it fares, in figures
        - `system_log`: see the product's own log, `audit-system`
        """


class ListEnvironments(Protocol):
    def __call__(self) -> Sequence[EnvironmentInfo]:
        """Return the environments in their order, and which are production."""


class ListSenders(Protocol):
    def __call__(self) -> Sequence[SenderInfo]:
        """Return the services that hold a live key, so that silent ones are noticed."""


class KeyOffer(Protocol):
    """Makes a first key at one click, on the page of an installation without events."""

    def is_open_to(self, user: Any) -> bool:
        """May the user make keys?"""

    def make(self, user: Any, *, environment: str, now: datetime) -> str:
        """Return the token of a new key of an environment, which is made if it isn't there.

        Raises `audit.errors.KeyRefused` with a sentence.
        """


def no_key(token: str, *, ip_address: str | None) -> SenderKey | None:
    """No key resolves."""
    return None


def no_reader(token: str) -> Any | None:
    """No read token resolves."""
    return None


def no_scope(user: Any) -> Scope:
    """Nobody sees anything."""
    return EMPTY_SCOPE


def nobody_may(user: Any, ability: str, environment: str) -> bool:
    """Nobody may do anything."""
    return False


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
