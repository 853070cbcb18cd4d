"""The file of an installation's own event types, and the page that tells of them all."""

import re
from pathlib import Path

import pytest

from audit.vocabulary import read_own_types
from audit.vocabulary.event_type import TRAITS
from audit.vocabulary.sentence import _VALUES
from config.configuration import ConfigurationError
from config.event_type_docs import PATH, document
from config.event_types import event_types


class TestEventTypes:
    def test_are_none_without_a_file(self) -> None:
        assert event_types("") == {"EVENT_GROUPS": (), "EVENT_TYPES": ()}

    def test_are_what_the_file_says(self, tmp_path: Path) -> None:
        path = tmp_path / "types.toml"
        path.write_text(PATH.read_text().split("```toml\n")[1].split("```")[0])
        own = read_own_types(*event_types(str(path)).values())
        assert own.problems == ()
        assert [group.key for group in own.groups] == ["orders"]
        assert [one.code for one in own.types] == ["ORDER_CANCELLED"]

    def test_names_a_table_that_it_does_not_know(self, tmp_path: Path) -> None:
        path = tmp_path / "types.toml"
        path.write_text('[[type]]\ncode = "X"\n')
        with pytest.raises(ConfigurationError, match="table 'type'; did you mean 'types'"):
            event_types(str(path))

    def test_names_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"EVENT_TYPES_FILE .*none.toml can't be read"):
            event_types(str(tmp_path / "none.toml"))


class TestDocument:
    def test_is_what_the_docs_say(self) -> None:
        page = PATH.read_text()
        assert page == document(page)

    def test_tells_of_each_trait_and_each_value_of_a_sentence(self) -> None:
        page = PATH.read_text()
        first_cells = set(re.findall(r"`([^`]+)`", page.partition("### Sentences")[2]))
        assert {*TRAITS, *(f"{{{value}}}" for value in _VALUES)} <= first_cells
