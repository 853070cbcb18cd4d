"""What can go wrong with the audit log, by name."""

from msgspec import Struct


class Problem(Struct, frozen=True):
    """What is wrong with one member of one event; pointer: RFC 6901."""

    pointer: str
    message: str


class AuditError(Exception):
    """Something that a caller can be told in a sentence."""


class UnknownEnvironment(AuditError):
    """No log is kept under this key."""


class InvalidEvent(AuditError):
    """An event breaks a rule; `problems` says which, each with a JSON pointer."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.pointer}: {p.message}" for p in problems))
        self.problems = problems


class NotRecorded(AuditError):
    """The database didn't take the events; nothing of the request is stored."""


class KeyRefused(AuditError):
    """A key can't be made like this; the message says why."""


class BadParameter(AuditError):
    """A query's parameter is unknown, or its value is."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


class BadCursor(BadParameter):
    """A cursor was changed, or belongs to another search."""


class Busy(AuditError):
    """Somebody is at it already, and two at once would undo each other's work."""


class CannotExport(AuditError):
    """An export can't be asked for, or its file can't be had; the message says why."""
