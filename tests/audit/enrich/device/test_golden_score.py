"""Are the labelled user agents told as well as they were?

`golden.json` holds the percentages reached; a change of the rules may raise them, and then it is
written anew: what `manage.py score_devices` prints, rounded down to half a point.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.management.device_score import FieldScore, field_scores, read_case, score

DATA = Path(__file__).parents[3] / "data" / "user_agents"
GOLDEN: dict[str, float] = json.loads((Path(__file__).parent / "golden.json").read_text())


@pytest.fixture(scope="module")
def reached() -> dict[str, FieldScore]:
    lines = (DATA / "labelled.jsonl").read_text().splitlines()
    return field_scores(score(read_case(json.loads(line)) for line in lines))


@pytest.mark.parametrize("field", GOLDEN)
def test_no_field_falls_below_what_was_reached(field: str, reached: dict[str, FieldScore]) -> None:
    assert reached[field].percent >= GOLDEN[field]


def test_every_field_is_watched(reached: dict[str, FieldScore]) -> None:
    assert set(GOLDEN) == set(reached)
