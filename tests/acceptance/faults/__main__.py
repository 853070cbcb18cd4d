"""`make faults`: the long form, which prints the table; exit status 1 where something was wrong."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from .kinds import DISK_FULL, KINDS
from .story import tell
from .volume import why_not


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="each kind once in each")
    parser.add_argument("--kills", type=int, default=1, help="of each process in a round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=KINDS, help="a kind; again for more")
    given = parser.parse_args()
    kinds = [kind for kind in given.only or KINDS if kind != DISK_FULL or not why_not()]
    with tempfile.TemporaryDirectory() as directory:
        story = tell(
            Path(directory),
            kinds=kinds,
            rounds=given.rounds,
            kills=given.kills,
            seed=given.seed,
            say=lambda line: print(line, flush=True),
        )
    print(story.table())
    if why_not() and not given.only:
        print(f"{DISK_FULL}: not tried, {why_not()}")
    return 1 if story.wrong else 0


sys.exit(main())
