"""The values that a promotion line is made of: steps, stages and flags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

FlagKind = Literal["skipped", "before", "direct", "back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it was. name: None where only the id is known."""

    id: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event on the path.

    place: where it stands among all, by which steps are told apart in time
    app: what the app is joined by; app_name: that of then; version: as it was sent, or None
    """

    id: UUID
    place: tuple[int, int, int]
    at: datetime
    environment: str
    app: str
    is_arrival: bool
    version: str | None
    actor: Person
    app_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A line in one environment.

    first: the arrival, or the first direct edit; again: events of the same after it
    lead: since the stage before, None for the first; edits: made here since the arrival before
    """

    environment: str
    first: Step
    again: tuple[Step, ...] = ()
    lead: timedelta | None = None
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """environment: where it happened (or did not); other: the one that it is held against"""

    kind: FlagKind
    environment: str
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionLine:
    """One version of an app, or direct edits of it (then `version` is None, `is_edit` true).

    stages: one for each environment of the path, None where it has not been
    """

    app: str
    version: str | None
    stages: tuple[Stage | None, ...]
    flags: tuple[Flag, ...]
    is_edit: bool = False

    @property
    def reached(self) -> tuple[Stage, ...]:
        """The stages that there are, in the order of their times."""
        found = [stage for stage in self.stages if stage is not None]
        return tuple(sorted(found, key=lambda stage: stage.first.place))

    @property
    def steps(self) -> Iterator[Step]:
        for stage in self.stages:
            if stage is not None:
                yield from (stage.first, *stage.again)

    @property
    def latest(self) -> UUID:
        return max(step.id for step in self.steps)

    @property
    def app_name(self) -> str | None:
        """What the app was called at the last of the steps that say it."""
        named = [step for step in self.steps if step.app_name]
        return max(named, key=lambda step: step.place).app_name if named else None

    @property
    def lead(self) -> timedelta | None:
        """From the first stage to the last, where there are two."""
        reached = self.reached
        return reached[-1].first.at - reached[0].first.at if len(reached) > 1 else None
