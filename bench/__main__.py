"""`python -m bench`: measure speed as ratios within one run, and say which floors are missed."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

QUICK_EVENTS = 300_000
SMOKE_EVENTS = 3_000
FULL_EVENTS = 5_000_000
BYTES_EACH = 1_500


def main(words: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, help="how many events to read among")
    parser.add_argument("--smoke", action="store_true", help="tiny, and nothing is judged")
    parser.add_argument(
        "--full",
        action="store_true",
        help="with every combination of filters; keeps its data set and writes the report",
    )
    parser.add_argument(
        "--directory", type=Path, default=Path("var/bench"), help="where a full run keeps its data"
    )
    options = parser.parse_args(words)
    if options.full:
        events = options.events or FULL_EVENTS
        return _run(options.directory.absolute(), events=events, is_full=True)
    events = options.events or (SMOKE_EVENTS if options.smoke else QUICK_EVENTS)
    directory = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
    try:
        return _run(directory, events=events, is_smoke=options.smoke)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _run(directory: Path, *, events: int, is_smoke: bool = False, is_full: bool = False) -> int:
    from .installation import MIN_FREE_BYTES, choose_directory

    is_new = not (directory / "bench.json").exists()
    choose_directory(
        directory, need_bytes=MIN_FREE_BYTES + (events * BYTES_EACH if is_full and is_new else 0)
    )
    from . import reading, recording
    from .figure import table
    from .installation import running
    from .loading import catch_up, load
    from .report import write_report

    began = monotonic()
    slowest = ""
    with running() as installation:
        load(events, path=directory / "bench.json", now=datetime.now(UTC))
        catch_up()
        with installation.connect() as connection:
            connection.execute("VACUUM (ANALYZE)")
            postgres = str(connection.info.parameter_status("server_version"))
        figures = reading.measure_reading(
            installation, events=events, repeats=3 if is_smoke else 40
        )
        if is_full:
            more, slowest = reading.measure_combinations(installation, every=1)
            figures += more + reading.measure_sizes(installation, events)
        elif is_smoke:
            figures += reading.measure_combinations(installation, every=500)[0]
        sizes = recording.SMOKE if is_smoke else recording.QUICK
        figures = recording.measure_recording(installation, sizes) + figures
    seconds = monotonic() - began
    print(table(figures))
    print(f"\nAmong {events:,} events; {seconds:.0f} s.")
    if is_full:
        write_report(figures, events=events, seconds=seconds, postgres=postgres, slowest=slowest)
    missed = [figure.name for figure in figures if not figure.is_met]
    if missed and not is_smoke:
        print(f"Floors missed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
