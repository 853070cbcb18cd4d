"""What does a sender say about one event?"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct


class Workspace(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str | None = None


class Actor(Struct, frozen=True, forbid_unknown_fields=True):
    id: str | None = None
    name: str | None = None
    email: str | None = None
    type: Literal["user", "service", "system", "anonymous"] | None = None


class Application(Struct, frozen=True, forbid_unknown_fields=True):
    id: str | None = None
    gid: str | None = None
    name: str | None = None


class Resource(Struct, frozen=True, forbid_unknown_fields=True):
    """What was acted on, or (as a target) who or what else it was done to."""

    type: str
    id: str | None = None
    name: str | None = None


class Context(Struct, frozen=True, forbid_unknown_fields=True):
    ip: str | None = None
    user_agent: str | None = None
    client_hints: dict[str, str] | None = None
    session: str | None = None
    request_id: str | None = None
    trace: str | None = None


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    field: str
    old: Any = None
    new: Any = None


class SubmittedEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event as its sender gave it, decoded and typed; times are still text."""

    type: str
    id: str | None = None
    time: str | None = None
    outcome: Literal["success", "failure", "denied"] | None = None
    workspace: Workspace | None = None
    actor: Actor | None = None
    application: Application | None = None
    resource: Resource | None = None
    targets: tuple[Resource, ...] | None = None
    context: Context | None = None
    changes: tuple[Change, ...] | None = None
    details: dict[str, Any] | None = None
    source: str | None = None
    sequence: int | None = None
