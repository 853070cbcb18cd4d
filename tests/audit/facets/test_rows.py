"""What the rows of facets say holds for the tables."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.facets import FACETS
from audit.log.day_values import KINDS
from audit.log.registry import LOOKUP_TABLES
from audit.models import Event


def columns_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {c.name for c in connection.introspection.get_table_description(cursor, table)}


def indexes() -> list[list[str]]:
    """The columns of each index of the table, leading ones first."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "audit_event")
    return [each["columns"] for each in found.values() if each["index"]]


@pytest.mark.django_db
class TestFacets:
    @pytest.mark.parametrize("name", FACETS)
    def test_have_columns(self, name: str) -> None:
        facet = FACETS[name]
        table = "audit_event_target" if facet.kind == "target" else Event._meta.db_table
        assert {facet.column, facet.number_column} <= columns_of(table)

    @pytest.mark.parametrize("name", FACETS)
    def test_stand_in_the_index_that_decides_them(self, name: str) -> None:
        facet = FACETS[name]
        if facet.kind == "target":
            return
        leading = [columns for columns in indexes() if columns[0] == facet.number_column]
        carrying = [columns for columns in indexes() if facet.number_column in columns]
        if facet.index is None:
            assert not leading or facet.kind == "group"
        elif facet.index == "carried":
            assert not leading
            assert len(carrying) == 5
        else:
            assert leading

    @pytest.mark.parametrize("name", [n for n, f in FACETS.items() if f.kind == "lookup"])
    def test_have_a_table_of_words_where_they_are_numbers(self, name: str) -> None:
        assert FACETS[name].column in LOOKUP_TABLES


class TestKinds:
    def test_have_the_numbers_that_the_table_has(self) -> None:
        """A row that moves would make these say something else."""
        numbers = {
            "workspace": 1,
            "actor": 2,
            "application": 3,
            "type": 4,
            "outcome": 5,
            "country": 6,
            "browser": 7,
            "os": 8,
            "device_class": 9,
        }
        assert all(
            number == sum(numbers[name] * 16**place for place, name in enumerate(facets[::-1]))
            for facets, number in KINDS.items()
        )
        assert len(KINDS) == 1 + 9 + 36

    def test_are_of_what_the_wide_indexes_carry(self) -> None:
        carried = {name for name, facet in FACETS.items() if facet.index in ("wide", "carried")}
        assert {name for facets in KINDS for name in facets} == carried
        assert {name for name, facet in FACETS.items() if facet.days} == carried
