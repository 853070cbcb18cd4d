"""Every facet has a name and a pick-list on the pages, in every language."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils.translation import override

import audit
from audit.facets import FACETS, SUBJECTS
from audit.vocabulary import EVENT_TYPES
from audit.web.parts.filter_rows import AT_SIDE, FILTERS, filter_label, value_label
from audit.web.parts.labels import Environments

CATALOGUE = Path(audit.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.po"
GERMAN = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
CLOSED = [(name, value) for name, facet in FACETS.items() for value in facet.words]
CLOSED += [("type", code) for code in EVENT_TYPES]


def label(name: str, value: str) -> str:
    return value_label(name, value, environments=Environments([]))


class TestFilters:
    @pytest.mark.parametrize("name", FACETS)
    def test_have_a_label_and_a_pick_list_for_each_facet(self, name: str) -> None:
        assert name in FILTERS
        assert FILTERS[name].label
        assert FILTERS[name].pick_from
        assert (FILTERS[name].pick_from == "subjects") == (name in SUBJECTS)

    @pytest.mark.parametrize("name", FILTERS)
    def test_are_called_by_a_word_that_is_translated(self, name: str) -> None:
        with override("en"):
            assert GERMAN[filter_label(name)]

    @pytest.mark.parametrize(("name", "value"), CLOSED)
    def test_translate_the_values_that_the_product_knows(self, name: str, value: str) -> None:
        with override("en"):
            english = label(name, value)
        with override("de"):
            german = label(name, value)
        assert english != value or value in ("success", "failure", "denied")
        assert german == GERMAN[english]

    def test_at_the_side_can_be_counted(self) -> None:
        assert [name for name in AT_SIDE if not FACETS[name].is_counted] == []
