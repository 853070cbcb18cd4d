"""`make faults`: the long form, which prints the table; exit status 1 where something was wrong."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from .story import tell


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="each kind once in each")
    parser.add_argument("--kills", type=int, default=1, help="of each process in a round")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        story = tell(
            Path(directory),
            rounds=given.rounds,
            kills=given.kills,
            seed=given.seed,
            say=lambda line: print(line, flush=True),
        )
    print(story.table())
    return 1 if story.wrong else 0


sys.exit(main())
