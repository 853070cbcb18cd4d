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


def main(words: Sequence[str] | None = None) -> int:
    """Return 0, or 1 where a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, help="how many events to read among")
    parser.add_argument("--smoke", action="store_true", help="tiny, and nothing is judged")
    options = parser.parse_args(words)
    events = options.events or (SMOKE_EVENTS if options.smoke else QUICK_EVENTS)
    directory = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
    try:
        return _quick(directory, events=events, is_smoke=options.smoke)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _quick(directory: Path, *, events: int, is_smoke: bool) -> int:
    from .installation import choose_directory

    choose_directory(directory)
    from . import recording
    from .figure import table
    from .installation import running
    from .loading import catch_up, load
    from .reading import measure_reading

    began = monotonic()
    with running() as installation:
        load(events, path=directory / "bench.json", now=datetime.now(UTC))
        catch_up()
        with installation.connect() as connection:
            connection.execute("VACUUM (ANALYZE)")
        figures = measure_reading(installation, repeats=3 if is_smoke else 40)
        sizes = recording.SMOKE if is_smoke else recording.QUICK
        figures = recording.measure_recording(installation, sizes) + figures
    print(table(figures))
    print(f"\nAmong {events:,} events; {monotonic() - began:.0f} s.")
    missed = [figure.name for figure in figures if not figure.is_met]
    if missed and not is_smoke:
        print(f"Floors missed: {'; '.join(missed)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
