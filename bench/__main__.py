"""`python -m bench`: measure speed as ratios within one run, and say which floors are missed."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import (
    bars,
    burst,
    client_pairs,
    closed,
    combinations,
    exporting,
    fresh,
    loading,
    memory,
    mixed,
    pages,
    planning,
    reading,
    recording,
    restart,
    sealing,
    sizes,
    working,
)
from .figure import table
from .installation import MIN_FREE_BYTES, choose_directory, running
from .report import Measurement, write_report
from .run import Kept, Run, Scale, Step, forget, read_kept

QUICK_EVENTS = 100_000
SMOKE_EVENTS = 3_000
FULL_EVENTS = 5_000_000
BYTES_EACH = 3_000
# In this order: what looks for the slowest searches comes before those that use them, and what
# records comes after what reads: it leaves more events in its hour than a day has otherwise, which
# pages of the last day that are measured again meanwhile show.
STEPS = (
    Step("loading", "Recording", loading.measure),
    Step("sizes", "Size and memory", sizes.measure),
    Step("closed", "Size and memory", closed.measure),
    Step("combinations", "Reading", combinations.measure),
    Step("pairs", "Reading", client_pairs.measure),
    Step("fresh", "Reading", fresh.measure),
    Step("reading", "Reading", reading.measure),
    Step("bars", "Reading", bars.measure),
    Step("pages", "Pages", pages.measure),
    Step("exporting", "Export", exporting.measure),
    Step("planning", "Long runs", planning.measure),
    Step("burst", "Long runs", burst.measure),
    Step("recording", "Recording", recording.measure),
    Step("working", "Recording", working.measure),
    Step("sealing", "Sealing", sealing.measure),
    Step("mixed", "Mixed work", mixed.measure),
    Step("memory", "Size and memory", memory.measure),
    Step("restart", "Long runs", restart.measure),
)
GROUPS = (
    *("Recording", "Sealing", "Reading", "Pages", "Export"),
    *("Size and memory", "Mixed work", "Long runs"),
)


def main(words: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where the floor of a ratio is missed."""
    options = _parser().parse_args(words)
    if options.report:
        write_report(_measurements(options.report), GROUPS)
        return 0
    only = _chosen(options.only)
    if options.full:
        events = options.events or FULL_EVENTS
        return _run(options.directory.absolute(), events=events, scale="full", only=only)
    events = options.events or (SMOKE_EVENTS if options.smoke else QUICK_EVENTS)
    directory = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
    try:
        return _run(
            directory, events=events, scale="smoke" if options.smoke else "quick", only=only
        )
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, help="how many events to read among")
    parser.add_argument("--smoke", action="store_true", help="tiny, and nothing is judged")
    parser.add_argument(
        "--full",
        action="store_true",
        help="with every combination of filters; keeps its data set and what it has measured, goes"
        " on where it was stopped, and writes the report",
    )
    parser.add_argument(
        "--directory", type=Path, default=Path("var/bench"), help="where a full run keeps its data"
    )
    names = ", ".join(step.name for step in STEPS)
    parser.add_argument(
        "--only", metavar="STEP[,STEP]", help=f"measure these (again), without a report: {names}"
    )
    parser.add_argument(
        "--report",
        type=Path,
        nargs="+",
        metavar="DIRECTORY",
        help="measure nothing; write the report of what full runs have kept, side by side",
    )
    return parser


def _chosen(names: str | None) -> frozenset[str] | None:
    if names is None:
        return None
    chosen = frozenset(names.split(","))
    unknown = chosen - {step.name for step in STEPS}
    if unknown:
        sys.exit(f"There is no step {', '.join(sorted(unknown))}: see --help.")
    return chosen


def _run(directory: Path, *, events: int, scale: Scale, only: frozenset[str] | None) -> int:
    is_new = not (directory / loading.FILE).exists()
    choose_directory(
        directory,
        need_bytes=MIN_FREE_BYTES + (events * BYTES_EACH if scale == "full" and is_new else 0),
    )
    if only is None and all(read_kept(directory, step.name) for step in STEPS):
        # It came to its end, so this is another run on the same data.
        for step in STEPS[1:]:
            forget(directory, step.name)
    taken: list[Kept] = []
    with running() as installation:
        run = Run(installation=installation, directory=directory, events=events, scale=scale)
        if not is_new:
            loading.catch_up()  # with what an earlier run has recorded
        for step in STEPS:
            kept = read_kept(directory, step.name)
            is_due = kept is None or (only is not None and step.name in only)
            if is_due and (only is None or step.name in {*only, STEPS[0].name}):
                print(f"{step.name} …", file=sys.stderr, flush=True)
                kept = step.take(run)
            if kept is not None and (only is None or step.name in only):
                taken.append(kept)
    measurement = Measurement(taken)
    _tell(measurement)
    if scale == "full" and only is None:
        write_report([measurement], GROUPS)
    missed = [figure.name for figure in measurement.judged if not figure.is_met]
    if missed and scale != "smoke":
        print(f"Floors missed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


def _measurements(directories: Sequence[Path]) -> list[Measurement]:
    """Return what is kept in each; those among as many events are told apart by their names."""
    found = [_measurement(directory) for directory in directories]
    numbers = [one.events for one in found]
    return [
        replace(one, word=directory.name) if numbers.count(one.events) > 1 else one
        for one, directory in zip(found, directories, strict=True)
    ]


def _measurement(directory: Path) -> Measurement:
    kept = [read_kept(directory.absolute(), step.name) for step in STEPS]
    found = [one for one in kept if one is not None]
    if not found:
        sys.exit(f"{directory} has no figures: make them with --full --directory {directory}.")
    return Measurement(found)


def _tell(measurement: Measurement) -> None:
    for group in GROUPS:
        figures = measurement.in_group(group)
        if figures:
            print(f"{group}\n\n{table(figures)}\n")
    seconds = sum(one.seconds for one in measurement.kept)
    steps = ", ".join(f"{one.step} {one.seconds:.0f}" for one in measurement.kept)
    print(f"Among {measurement.events:,} events; {seconds:.0f} s: {steps}.")


if __name__ == "__main__":
    sys.exit(main())
