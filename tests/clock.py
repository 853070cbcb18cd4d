"""The time at which the running test began: a suite may run for an hour after its imports."""

from __future__ import annotations

from datetime import UTC, datetime

_began = datetime.now(UTC)


def began() -> datetime:
    """Return when the running test began, in UTC: the same moment throughout a test."""
    return _began


def begin() -> None:
    """Note that a test begins."""
    global _began
    _began = datetime.now(UTC)
