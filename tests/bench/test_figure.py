"""What a figure says of its floor and its aim."""

from __future__ import annotations

import pytest

from bench.figure import HEADINGS, Figure, cells, table


def _ratio(
    ours: float, theirs: float, *, is_more_better: bool = True, is_speedup: bool = False
) -> Figure:
    return Figure(
        name="work",
        unit="",
        values=[ours],
        reference="theirs",
        references=[theirs],
        is_more_better=is_more_better,
        is_speedup=is_speedup,
        floor=2,
        aim=4 if is_more_better or is_speedup else 1,
    )


class TestFigure:
    @pytest.mark.parametrize(
        ("figure", "ratio", "reached"),
        [
            pytest.param(_ratio(40, 10), 4, "aim", id="rate at its aim"),
            pytest.param(_ratio(20, 10), 2, "floor", id="rate at its floor"),
            pytest.param(_ratio(19, 10), 1.9, "MISSED", id="rate below it"),
            pytest.param(_ratio(10, 10, is_more_better=False), 1, "aim", id="time at its aim"),
            pytest.param(_ratio(20, 10, is_more_better=False), 2, "floor", id="time at its floor"),
            pytest.param(_ratio(21, 10, is_more_better=False), 2.1, "MISSED", id="time above it"),
            pytest.param(
                _ratio(10, 40, is_more_better=False, is_speedup=True), 4, "aim", id="faster"
            ),
            pytest.param(
                _ratio(10, 19, is_more_better=False, is_speedup=True),
                1.9,
                "MISSED",
                id="not fast enough",
            ),
        ],
    )
    def test_judges_its_ratio(self, figure: Figure, ratio: float, reached: str) -> None:
        assert figure.ratio == pytest.approx(ratio)
        assert figure.reached == reached
        assert figure.is_met == (reached != "MISSED")
        assert (figure.share >= 1) == figure.is_met

    @pytest.mark.parametrize(
        ("value", "reached"), [(25, "aim"), (60, "floor"), (61, "beyond")], ids=str
    )
    def test_shows_the_bounds_of_milliseconds_without_a_judgement(
        self, value: float, reached: str
    ) -> None:
        figure = Figure(
            name="page",
            unit="ms",
            values=[value],
            is_more_better=False,
            value_floor=60,
            value_aim=25,
        )
        assert figure.value_reached == reached
        assert figure.is_met
        assert figure.reached == ""

    def test_takes_the_median_of_each_repeats_own_ratio(self) -> None:
        figure = Figure(
            name="rate", unit="", values=[10, 20, 90], reference="r", references=[10, 10, 10]
        )
        assert figure.ratio == 2


class TestTable:
    def test_says_both_kinds_of_bounds(self) -> None:
        figure = Figure(
            name="first page",
            unit="ms",
            values=[5, 5.5, 6],
            reference="plain",
            references=[1, 1, 1],
            is_more_better=False,
            floor=10,
            aim=3,
            value_floor=10,
            value_aim=3,
        )
        assert cells(figure) == (
            *("first page", "5.50 ms", "5.00–6.00", "10, 3", "floor"),
            *("plain: 1.00", "5.50", "10, 3", "floor"),
        )

    def test_has_its_columns_in_line(self) -> None:
        lines = table([_ratio(1, 2), _ratio(1_000_000, 2)]).splitlines()
        assert len({len(line) for line in lines}) == 1
        assert len(lines) == 4
        assert lines[0].count("|") == len(HEADINGS) + 1
