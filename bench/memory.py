"""Does a web process grow as it records? Into a database of its own, that is dropped afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from tqdm import tqdm

from .access import Access
from .bodies import CREATED, ENVIRONMENT, requests
from .databases import call, scratch
from .figure import Figure
from .recording import SENDERS
from .run import Result, Run
from .senders import send_all
from .servers import web_server

SCRATCH = "bench_memory"
BATCH = 1_000
WARM = 20_000
MILLION = 1_000_000
SAMPLE_SECONDS = 0.05
MIB = 2**20


def measure(run: Run) -> Result:
    """Record by HTTP into one web process, and look at the memory that is its alone."""
    warm, events = run.pick((1_000, 2_000), (WARM, 60_000), (WARM, MILLION))
    with scratch(run.installation, SCRATCH) as variables:
        access = msgspec.convert(call("bench.access", variables), Access)
        key = access.keys[ENVIRONMENT]
        with web_server(processes=1, variables=variables) as web:

            def record(count: int) -> None:
                sent = requests(count // BATCH, BATCH, key)
                send_all(web.port, sent, senders=SENDERS, status=CREATED)

            record(warm)
            before = own_bytes(web.pids)
            grown = []
            step = max(events // 10, BATCH)
            for _ in tqdm(range(events // step), desc="memory", disable=None):
                record(step)
                grown.append((own_bytes(web.pids) - before) / MIB)
    has_bounds = events >= MILLION
    return Result(
        figures=[
            Figure(
                name=f"growth of a web process after {events:,} events recorded by HTTP",
                unit="MB",
                values=[grown[-1]],
                is_more_better=False,
                # Of fewer events nothing is said: what is allocated once weighs too much.
                value_floor=40 if has_bounds else None,
                value_aim=10 if has_bounds else None,
            ),
            Figure(
                name=f"… what it takes after {warm:,} events, its own alone",
                unit="MB",
                values=[before / MIB],
                is_more_better=False,
            ),
        ],
        notes="Growth tenth by tenth, in MB: " + ", ".join(f"{g:.1f}" for g in grown) + ".",
    )


def own_bytes(pids: Sequence[int]) -> int:
    """Return what these processes hold of memory that belongs to no file and nobody else."""
    return sum(_anonymous_bytes(pid) for pid in pids)


@contextmanager
def watched(pids: Sequence[int]) -> Iterator[list[int]]:
    """Look again and again meanwhile; the list has what was held each time."""
    found = [own_bytes(pids)]
    done = threading.Event()

    def look() -> None:
        while not done.wait(SAMPLE_SECONDS):
            found.append(own_bytes(pids))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _anonymous_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1_024
    raise RuntimeError(f"/proc/{pid}/smaps_rollup says nothing of anonymous memory")
