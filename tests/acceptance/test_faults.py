"""Whatever is killed, held or taken away: what was acknowledged stands in the log, once."""

from __future__ import annotations

from pathlib import Path

from .faults.kinds import KINDS
from .faults.story import tell


class TestFaults:
    def test_nothing_acknowledged_is_lost_or_doubled(self, tmp_path: Path) -> None:
        """The short form of `make faults`: each kind once."""
        story = tell(tmp_path, rounds=1, kills=1, seed=17)
        assert story.wrong == [], story.table()
        assert story.acknowledged > 0
        # An export that was done before it could be killed is no fault.
        certain = KINDS.keys() - {"export interrupted, gone on with"}
        assert all(story.counts[kind] for kind in certain), story.table()
