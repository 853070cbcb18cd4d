"""A spreadsheet runs no cell, and nothing of a text is lost."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.export.formats.formulas import harmless

MARKS = "=+-@"
EVERY = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
# Invisible, but no format characters: joiners, fillers, a blank pattern, variation selectors.
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u2800\u3164\ufe0f\uffa0\U000e0100"
TEXTS = st.text(st.sampled_from("=-@＝'\"“ \t\n\u200b\ufeff\u202ea1ü")) | st.text()


class TestHarmless:
    @pytest.mark.parametrize(
        "text",
        [
            *("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', " =1", "\u00a0=1", "＝1", "﹦1"),
            *("\ufeff=1", "\u200b=1", "\u202e=1", "\u2066\u2069=1", "\u00ad@x", "\x00=1", "\x1b-1"),
            *('"=1', "'=1", "'\u200b =1", "“=1”", "«@x»", "\t=1", "\r=1", "\n=1", "\tx", "'\nx"),
        ],
    )
    def test_puts_an_apostrophe_before_what_would_be_run(self, text: str) -> None:
        assert harmless(text) == "'" + text

    @pytest.mark.parametrize(
        "text", ["", "Ann", "a=b", "ü", "(1)", "1-1", "'tis", '"a"', "\u200bAnn", " a", "́=1", "名"]
    )
    def test_leaves_others_alone(self, text: str) -> None:
        assert harmless(text) == text

    def test_knows_every_form_of_a_mark(self) -> None:
        forms = [c for c in EVERY if unicodedata.normalize("NFKC", c) in MARKS]
        assert len(forms) > len(MARKS)
        assert [c for c in forms if harmless(c + "1") == c + "1"] == []

    def test_sees_through_all_that_nobody_sees(self) -> None:
        unseen = [c for c in EVERY if unicodedata.category(c) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
        assert len(unseen) > 200
        assert [hex(ord(c)) for c in [*unseen, *FILLERS] if harmless(c + "=1") == c + "=1"] == []

    def test_sees_through_quotes(self) -> None:
        quotes = [c for c in EVERY if unicodedata.category(c) in ("Pi", "Pf")][:8]
        assert [c for c in [*quotes, *"\"'`"] if harmless(c + "=1") == c + "=1"] == []

    @given(TEXTS)
    def test_can_be_undone(self, text: str) -> None:
        cell = harmless(text)
        is_guarded = cell.startswith("'") and harmless(cell[1:]) == cell
        assert (cell[1:] if is_guarded else cell) == text
