"""The typed event as its sender submits it.

Members stand in the order of the alphabet and are left out where they are absent, so that a struct
is encoded as it is kept: canonical, without being sorted again.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from audit.errors import Problem


class Workspace(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    name: str | None = None


class Actor(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    email: str | None = None
    id: str | None = None
    name: str | None = None
    type: Literal["user", "service", "system", "anonymous"] | None = None


class Application(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    gid: str | None = None
    id: str | None = None
    name: str | None = None


class Resource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was acted on, or (as a target) who or what else it was done to."""

    id: str | None = None
    name: str | None = None
    type: str


class Context(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    client_hints: dict[str, str] | None = None
    ip: str | None = None
    request_id: str | None = None
    session: str | None = None
    trace: str | None = None
    user_agent: str | None = None


class Change(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    field: str
    new: Any = None
    old: Any = None


class SubmittedEvent(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
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


class Refusal(Struct, frozen=True):
    """An event that could not be understood. rest: what was, so that all problems are reported at
    once
    """

    problems: tuple[Problem, ...]
    rest: SubmittedEvent | None = None
