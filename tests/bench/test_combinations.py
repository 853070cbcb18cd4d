"""Which searches are measured."""

from __future__ import annotations

from bench.client_pairs import pairs
from bench.combinations import MOST, all_searches
from bench.dataset import VALUES


class TestAllSearches:
    def test_has_every_combination_once(self) -> None:
        searches = list(all_searches())
        assert len(searches) == len(set(searches))
        # Eight facets of four values, but for the outcome, whose rare value is also the absent one.
        sizes = [sum(len(one) == size for one in searches) for size in range(MOST + 1)]
        assert sizes == [1, 7 * 4 + 3, 21 * 16 + 7 * 12, 35 * 64 + 21 * 48]

    def test_meets_every_facet(self) -> None:
        assert {name for one in all_searches() for name, _ in one} == set(VALUES)


class TestPairs:
    def test_has_every_two_values_of_different_facets_once(self) -> None:
        found = list(pairs({"browser": ["A", "B"], "os": ["C"], "country": ["DE", "FR"]}))
        assert len(found) == len(set(found)) == 2 + 4 + 2
        assert (("os", "C"), ("country", "FR")) in found
