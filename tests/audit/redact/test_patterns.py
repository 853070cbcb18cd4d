"""Which expressions of a host's own are refused, and what they are looked for by."""

from __future__ import annotations

import pytest

from audit.redact.patterns import problem_of_pattern, required_literal


class TestProblemOfPattern:
    @pytest.mark.parametrize(
        "pattern",
        [
            r"ACME-[0-9]{8}",
            r"\bkey_(?P<secret>[a-z]+)\b",
            r"(?i)acme[0-9]+",
            r"(?:ab|cd)+x",
            r"(?:[a-z]++-)*x",
            r"(?:[0-9]{4} )+[0-9]",
            r"(?:a{1,3})+b",
            r"(?:a|ab)*+c",
            r"(?>a+)+b",
        ],
    )
    def test_takes_an_ordinary_expression(self, pattern: str) -> None:
        assert problem_of_pattern(pattern) is None

    @pytest.mark.parametrize(
        ("pattern", "problem"),
        [
            ("(", "is no regular expression"),
            ("[z-a]", "is no regular expression"),
            ("x*", "matches the empty text"),
            ("", "matches the empty text"),
            ("(a+)+b", "repeat within a repeat"),
            ("(?:a*b?)*c", "repeat within a repeat"),
            (r"(\w+\s?)+$", "repeat within a repeat"),
            ("((?:ab)+x?)+c", "repeat within a repeat"),
            ("(?:a{1,50}){1,50}b", "repeat within a repeat"),
            ("(?=(a+)+b)x", "repeat within a repeat"),
            ("(?:ab|[a-z])*b", "alternatives can begin alike"),
            ("(?:.|\n)*b", "alternatives can begin alike"),
            (r"(a)\1x", "refers back"),
        ],
    )
    def test_refuses_what_can_take_for_ever(self, pattern: str, problem: str) -> None:
        assert problem in (problem_of_pattern(pattern) or "")


class TestRequiredLiteral:
    @pytest.mark.parametrize(
        ("pattern", "literal"),
        [
            (r"ACME-[0-9]+", "ACME-"),
            (r"\bkey_[a-z]+_live", "_live"),
            (r"[A-Z]{2}-token-\d", "-token-"),
            (r"(?i)acme-\d", None),
            (r"[0-9]+", None),
            (r"(?:abc|def)\d", None),
            (r"ab\d", None),
            (r"«ключ»\d", None),
        ],
    )
    def test_finds_what_every_match_holds(self, pattern: str, literal: str | None) -> None:
        assert required_literal(pattern) == literal
