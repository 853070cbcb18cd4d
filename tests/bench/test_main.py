"""What the command takes, and what its plan holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.__main__ import GROUPS, STEPS, main


class TestSteps:
    def test_stand_under_headings_of_the_report(self) -> None:
        assert {step.group for step in STEPS} == set(GROUPS)

    def test_have_names_of_their_own(self) -> None:
        assert len({step.name for step in STEPS}) == len(STEPS)


class TestMain:
    def test_names_a_step_that_is_not_there(self) -> None:
        with pytest.raises(SystemExit, match="There is no step naps"):
            main(["--only", "reading,naps"])

    def test_reports_nothing_where_nothing_was_measured(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="has no figures"):
            main(["--report", str(tmp_path)])
