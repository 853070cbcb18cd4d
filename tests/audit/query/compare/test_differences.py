"""What is worth a second look in a line of counts."""

from __future__ import annotations

import pytest

from audit.query.compare.differences import Difference, difference, is_wanted

TOTALS = (1_000, 100, 10_000)


class TestDifference:
    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            pytest.param((0, 0, 0), None, id="nothing anywhere"),
            pytest.param((0, 0, 4), Difference(kind="only", columns=(2,)), id="in one alone"),
            pytest.param((9, 3, 0), Difference(kind="never", columns=(2,)), id="missing in one"),
            pytest.param((100, 10, 1_000), None, id="the same share everywhere"),
            pytest.param((10, 1, 90), None, id="nearly the same share"),
            pytest.param((1, 3, 10), None, id="too few to tell"),
        ],
    )
    def test_is(self, counts: tuple[int, ...], expected: Difference | None) -> None:
        assert difference(counts, TOTALS, by_share=True) == expected

    def test_names_the_column_with_the_larger_share(self) -> None:
        found = difference((400, 10, 1_000), TOTALS, by_share=True)
        assert found == Difference(kind="more", columns=(0,), factor=4.0)

    def test_compares_the_counts_of_two_periods(self) -> None:
        assert difference((100, 25), (1_000, 250), by_share=True) is None
        found = difference((100, 25), (1_000, 250), by_share=False)
        assert found == Difference(kind="more", columns=(0,), factor=4.0)


class TestIsWanted:
    @pytest.mark.parametrize(
        ("counts", "expected"), [((1, 0, 3), True), ((1, 1, 3), False), ((1, 0, 0), False)]
    )
    def test_asks_for_all_and_for_none(self, counts: tuple[int, ...], expected: bool) -> None:
        assert is_wanted(counts, has=(2,), lacks=(1,)) is expected
