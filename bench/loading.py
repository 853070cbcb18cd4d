"""How does the data set get in? By the product's own recording, in parts.

Each part has its own seed and its own slice of the twelve months, and a part that was recorded
half is found to be there already: so loading can be stopped and started at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Any

from tqdm import tqdm

from .dataset import DAYS, documents, year_before
from .figure import Figure
from .run import Result, Run

FILE = "bench.json"
PART = 10_000
PROCESSES = 2
SEED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How far loading is. start: the first moment (RFC 3339); days: over how many the events lie;
    parts: 0 to parts − 1 are in.
    """

    events: int
    start: str
    parts: int = 0
    days: float = DAYS

    @property
    def is_complete(self) -> bool:
        return self.parts * PART >= self.events

    @classmethod
    def read(cls, path: Path) -> Loaded | None:
        return cls(**json.loads(path.read_text())) if path.exists() else None

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)) + "\n")


def measure(run: Run) -> Result:
    """Load what is not there yet, and have the worker count it."""
    path = run.directory / FILE
    before = Loaded.read(path)
    began = monotonic()
    load(run.events, path=path, start=year_before(datetime.now(UTC)))
    loaded_at = monotonic()
    counted = catch_up()
    counted_at = monotonic()
    vacuum()
    new = run.events - min(before.parts * PART, run.events) if before else run.events
    rates = {
        f"the data set recorded, without HTTP, by {PROCESSES} processes": (new, loaded_at - began),
        "the worker catching up with it": (counted, counted_at - loaded_at),
    }
    return Result(
        figures=[
            Figure(name=name, unit="events/s", values=[count / seconds])
            for name, (count, seconds) in rates.items()
            if count
        ]
    )


def start_of(directory: Path) -> datetime:
    """Return the first midnight of a data set that is loaded."""
    loaded = Loaded.read(directory / FILE)
    if loaded is None:
        raise RuntimeError(f"{directory} has no data set yet.")
    return datetime.fromisoformat(loaded.start)


def load(events: int, *, path: Path, start: datetime, days: float = DAYS) -> Loaded:
    """Record so many events over so many days, going on where an earlier run stopped.

    path: of the file that remembers how far it is, and when it started. More events than before
    can't be added to the same days: RuntimeError.
    """
    from audit.record import prepare_months

    loaded = Loaded.read(path) or Loaded(events=events, start=start.isoformat(), days=days)
    if loaded.events != events:
        raise RuntimeError(
            f"{path.parent} holds {loaded.events:,} events: ask for as many, or delete it."
        )
    start = datetime.fromisoformat(loaded.start)
    prepare_months(start.date(), (start + timedelta(days=loaded.days)).date())
    parts = range(loaded.parts, -(-events // PART))
    with (
        ProcessPoolExecutor(
            PROCESSES, mp_context=get_context("spawn"), initializer=_set_up
        ) as pool,
        tqdm(
            desc="loading",
            total=events,
            initial=min(loaded.parts * PART, events),
            unit="event",
            disable=None,
        ) as bar,
    ):
        done: set[int] = set()
        waiting = [pool.submit(_record_part, n, loaded) for n in parts]
        for future in as_completed(waiting):
            number, size = future.result()
            bar.update(size)
            done.add(number)
            while loaded.parts in done:
                loaded = replace(loaded, parts=loaded.parts + 1)
            loaded.write(path)
    return loaded


def catch_up() -> int:
    """Do what the worker does until nothing is left to do; return how many events it counted."""
    from audit.conf import audit_settings
    from audit.worker.chores import do_chores
    from audit.worker.loop import do_round
    from audit.worker.value_days import KnownValues, backfill_days

    using = audit_settings().WORKER_DATABASE
    do_chores(using=using)
    counted = 0
    with tqdm(unit="event", desc="worker", disable=None) as bar:
        while not (done := do_round(using=using)).is_idle:
            counted += done.events
            bar.update(done.events)
        # Of a data set that an earlier version loaded.
        known = KnownValues()
        while backfill_days(using=using, known=known):
            pass
    return counted


def vacuum() -> None:
    """Let the planner know the data, and the tables be clean."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def part_documents(number: int, loaded: Loaded) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the events of one part, (environment, native event)."""
    first = number * PART
    size = min(PART, loaded.events - first)
    a_day = loaded.days / loaded.events
    return documents(
        size,
        seed=SEED + number,
        start=datetime.fromisoformat(loaded.start) + timedelta(days=a_day * first),
        days=a_day * size,
        prefix=f"e{number}-",
        has_rare=number == 0,
    )


def _set_up() -> None:
    import django

    django.setup()


def _record_part(number: int, loaded: Loaded) -> tuple[int, int]:
    from audit.ingest.json.decode import native
    from audit.record import Origin, SubmittedEvent, record_events

    batches: dict[str, list[SubmittedEvent]] = {}
    size = 0
    for environment, document in part_documents(number, loaded):
        batches.setdefault(environment, []).append(native(document))
        size += 1
    for environment, batch in batches.items():
        received_at = datetime.fromisoformat(batch[-1].time or loaded.start)
        origin = Origin(
            environment=environment, sender_id=1, sender="bench", ip_address="127.0.0.1"
        )
        receipt = record_events(batch, origin=origin, received_at=received_at)
        wrong = [v for v in receipt.verdicts if v.status not in ("recorded", "duplicate")]
        if wrong:
            raise RuntimeError(f"The data set has a wrong event: {wrong[0]}")
    return number, size
