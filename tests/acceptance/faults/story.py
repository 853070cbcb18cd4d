"""Rounds of faults under senders, each looked over afterwards; told as a table."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.acceptance.installation import Installation

from .kinds import DISK_FULL, KILLS, Under, do
from .senders import Senders
from .volume import mounted
from .watched import ENVIRONMENT, Checkpoints, export_and_verify, find_wrong

SENDERS = 4
READY_SECONDS = 120.0
VARIABLES = {"DEMO": "off", "AUDIT_LOG_IS_PUBLIC": "on", "WEB_PROCESSES": "2"}


@dataclass(kw_only=True)
class Story:
    """What was done, and what came of it. wrong: sentences, none where all is well"""

    counts: Counter[str] = field(default_factory=Counter)
    rounds: int = 0
    acknowledged: int = 0
    sent_again: int = 0
    checkpoints: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def table(self) -> str:
        rows = [*self.counts.items()]
        rows += [
            ("looked over", self.rounds),
            ("events acknowledged", self.acknowledged),
            ("batches sent again", self.sent_again),
            ("checkpoints fetched, all beginnings of the last", self.checkpoints),
            ("wrong: lost, doubled, moved, other leaf, not verified", len(self.wrong)),
        ]
        lines = ["| what | times |", "|---|---|", *(f"| {what} | {n:,} |" for what, n in rows)]
        return "\n".join([*lines, *self.wrong])


def tell(
    directory: Path,
    *,
    kinds: Sequence[str],
    rounds: int,
    kills: int,
    seed: int,
    say: Callable[[str], None] = lambda line: None,
) -> Story:
    """Do each kind of fault once a round, and kill so many times, in an order of chance; look all
    over after each round. Ends with the first one that found something wrong.

    kinds: of KINDS; with a full disk, the data lie on a small volume of their own
    """
    story, began = Story(counts=Counter(dict.fromkeys(kinds, 0))), time.monotonic()
    volume = mounted(directory / "data") if DISK_FULL in kinds else nullcontext()
    with volume, _under_load(directory, seed) as (under, checkpoints):
        for number in range(rounds):
            these = [*kinds, *[kind for kind in KILLS if kind in kinds] * (kills - 1)]
            under.chance.shuffle(these)
            for kind in these:
                story.counts[kind] += do(kind, under)
            _look_over(story, under, checkpoints, number)
            story.seconds = time.monotonic() - began
            say(f"round {number + 1} of {rounds}, {story.seconds:.0f} s: {story.wrong or 'well'}")
            if story.wrong:
                break
            under.senders.go_on()
    return story


@contextmanager
def _under_load(directory: Path, seed: int) -> Iterator[tuple[Under, Checkpoints]]:
    with _running(directory) as installation:
        installation.manage("environment", "create", ENVIRONMENT, "--production")
        key = installation.manage(
            "ingest_key", "create", "--environment", ENVIRONMENT, "--name", "faults"
        )
        senders = Senders(installation, key, count=SENDERS)
        checkpoints = Checkpoints(installation)
        try:
            senders.start()
            checkpoints.start()
            installation.wait(lambda: bool(checkpoints.roots), READY_SECONDS)
            yield (
                Under(
                    installation=installation,
                    senders=senders,
                    chance=random.Random(seed),
                    directory=directory,
                    key=installation.manage("log_key", "export", "--environment", ENVIRONMENT),
                    wrong=[],
                ),
                checkpoints,
            )
        finally:
            senders.stop()
            checkpoints.stop()


@contextmanager
def _running(directory: Path) -> Iterator[Installation]:
    installation = Installation(directory, VARIABLES)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()
        installation.remove()


def _look_over(story: Story, under: Under, checkpoints: Checkpoints, number: int) -> None:
    under.installation.wait(lambda: _is_ready(under.installation), READY_SECONDS)
    under.senders.pause()
    story.wrong += find_wrong(under.installation, under.senders, checkpoints)
    path = under.directory / f"export-{number}.tar"
    story.wrong += export_and_verify(under.installation, path, under.key)
    path.unlink(missing_ok=True)
    story.wrong += under.wrong
    story.rounds += 1
    story.acknowledged = len(under.senders.acknowledged)
    story.sent_again = under.senders.sent_again
    story.checkpoints = sum(map(len, checkpoints.roots.values()))


def _is_ready(installation: Installation) -> bool:
    try:
        answer = httpx.get(f"{installation.address}/health/ready", timeout=5)
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and answer.json()["checks"]["worker"]["ok"]
