"""The errors of the audit log, by name."""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """What is wrong with one member of one event; pointer: RFC 6901."""

    pointer: str
    message: str


class AuditError(Exception):
    """An error whose message is a sentence for the caller."""


class UnknownEnvironment(AuditError):
    """No log is kept under this key."""


class RefusedEvent(Struct, frozen=True):
    """An event that isn't stored; index: its place among those handed in; status: its verdict's"""

    index: int
    status: str
    problems: tuple[Problem, ...]


class EventsRefused(AuditError):
    """Some events were rejected or in conflict, and the caller wants none stored then.

    refused: which, at least one, in the order of the events handed in
    """

    def __init__(self, refused: tuple[RefusedEvent, ...]) -> None:
        refusals = (
            f"event {one.index} ({one.status}): "
            + "; ".join(f"{p.pointer} {p.message}".strip() for p in one.problems)
            for one in refused
        )
        super().__init__("Nothing was recorded. " + "\n".join(refusals))
        self.refused = refused


class NotRecorded(AuditError):
    """The database didn't take the events; nothing of the request is stored.

    reason: as programs read it, `disk-full` and others; None where two requests were in each
    other's way
    """

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class TooManySearches(AuditError):
    """Others are at work, and nothing was looked for."""


class KeyRefused(AuditError):
    """A key can't be made like this; the message says why."""


class NotAllowed(AuditError):
    """Somebody sees the events, and may not do that with them.

    ability: of `audit.contracts.Ability`; environments: in which they lack it; empty for anywhere
    """

    def __init__(self, ability: str, environments: tuple[str, ...]) -> None:
        where = f" in {', '.join(environments)}" if environments else ""
        narrower = " Ask for other environments by `environment`." if environments else ""
        super().__init__(f"You have no role with the ability {ability!r}{where}.{narrower}")
        self.ability = ability
        self.environments = environments


class BadParameter(AuditError):
    """A query's parameter is unknown, or its value is."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


class BadCursor(BadParameter):
    """A cursor was changed, or belongs to another search."""


class Busy(AuditError):
    """Another process does the same already, and two at once would undo each other's work."""


class CannotExport(AuditError):
    """An export can't be asked for, or its file can't be had; the message says why."""


class NotSigned(AuditError):
    """An event is recorded, and no checkpoint is signed over it yet."""


class LogBroken(AuditError):
    """What was recorded can't be what the log is made of; the message names where."""
