"""What does a step get, what does it hand back, and where is that kept until the report?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal, TypeVar

import msgspec

from .figure import Figure
from .installation import Installation
from .machine import about

Scale = Literal["smoke", "quick", "full"]
FIGURES = "figures"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a step measured. notes: Markdown for the report; searches: what later steps look for,
    the slowest first, as the query of an address.
    """

    figures: Sequence[Figure] = ()
    notes: str = ""
    searches: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A result as it lies in its file. events: how many there were to be read; about: the machine,
    versions and day; load: of the machine when the step began, processes that want to run (over
    the last minute).
    """

    step: str
    group: str
    events: int
    seconds: float
    about: str
    result: Result
    load: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the bench. directory: of its data; events: how many there are to be read."""

    installation: Installation
    directory: Path
    events: int
    scale: Scale

    @property
    def postgres(self) -> str:
        """The server's version."""
        with self.installation.connect() as connection:
            return str(connection.info.parameter_status("server_version"))

    def pick(self, smoke: T, quick: T, full: T) -> T:
        """Return what fits the scale of this run."""
        return {"smoke": smoke, "quick": quick, "full": full}[self.scale]

    def kept(self, step: str) -> Result | None:
        """Return what an earlier step has measured, in this run or the one that it takes up."""
        kept = read_kept(self.directory, step)
        return kept.result if kept else None


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the run. group: the heading that its figures stand under."""

    name: str
    group: str
    measure: Callable[[Run], Result]

    def take(self, run: Run) -> Kept:
        """Measure, and keep what was found."""
        load, _, _ = os.getloadavg()
        began = monotonic()
        result = self.measure(run)
        kept = Kept(
            step=self.name,
            group=self.group,
            events=run.events,
            seconds=monotonic() - began,
            about=about(run.postgres),
            result=result,
            load=load,
        )
        keep(run.directory, kept)
        return kept


def keep(directory: Path, kept: Kept) -> None:
    """Write what a step has measured, as a whole or not at all."""
    path = _path(directory, kept.step)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    draft.rename(path)


def read_kept(directory: Path, step: str) -> Kept | None:
    """Return what a step left in a directory of data, or None."""
    try:
        return msgspec.json.decode(_path(directory, step).read_bytes(), type=Kept)
    except FileNotFoundError:
        return None


def forget(directory: Path, step: str) -> None:
    """Forget what a step has measured."""
    _path(directory, step).unlink(missing_ok=True)


def _path(directory: Path, step: str) -> Path:
    return directory / FIGURES / f"{step}.json"
