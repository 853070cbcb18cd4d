"""Whatever is killed, held or taken away: what was acknowledged stands in the log, once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from .faults.kinds import DISK_FULL, KINDS
from .faults.story import tell
from .faults.volume import why_not

# An export that was done before it could be killed is no fault.
UNCERTAIN = "export interrupted, gone on with"


class TestFaults:
    """The short form of `make faults`: each kind once."""

    @pytest.mark.parametrize(
        "kinds",
        [
            pytest.param([kind for kind in KINDS if kind != DISK_FULL], id="most"),
            pytest.param(
                [DISK_FULL, "web killed", "PostgreSQL killed"],
                id="with a full disk",
                marks=pytest.mark.skipif(bool(why_not()), reason=why_not()),
            ),
        ],
    )
    def test_nothing_acknowledged_is_lost_or_doubled(self, kinds: list[str]) -> None:
        # PostgreSQL's user can reach this one: so its data lie where the volume is.
        with tempfile.TemporaryDirectory() as directory:
            story = tell(Path(directory), kinds=kinds, rounds=1, kills=1, seed=17)
        assert story.wrong == [], story.table()
        assert story.acknowledged > 0
        assert all(n for kind, n in story.counts.items() if kind != UNCERTAIN), story.table()
