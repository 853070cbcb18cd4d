"""The file of an installation's own rules."""

from pathlib import Path

import pytest

from audit.redact import problems_of
from config.configuration import ConfigurationError
from config.redaction import OWN_PREFIXES, redaction

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/redaction.md"


class TestRedaction:
    def test_knows_the_products_own_tokens(self) -> None:
        assert redaction("") == {"token_prefixes": list(OWN_PREFIXES)}

    def test_adds_what_the_file_says(self, tmp_path: Path) -> None:
        path = tmp_path / "redact.toml"
        path.write_text(EXAMPLE.read_text().split("```toml\n")[1].split("```")[0])
        given = redaction(str(path))
        assert given["token_prefixes"] == [*OWN_PREFIXES, "acme_"]
        assert given["environments"]["prod"]["card_numbers"] is True
        assert list(problems_of(given)) == []

    def test_names_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"REDACT_FILE .*none.toml can't be read"):
            redaction(str(tmp_path / "none.toml"))

    def test_says_where_a_file_is_no_toml(self, tmp_path: Path) -> None:
        (tmp_path / "a.toml").write_text("names = 1\nx y\n")
        with pytest.raises(ConfigurationError, match="is no TOML: .*line 2"):
            redaction(str(tmp_path / "a.toml"))
