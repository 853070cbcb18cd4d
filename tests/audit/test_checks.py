"""Do the system checks say what is missing, and how to get it?"""

from __future__ import annotations

import pytest
import ua_parser

from audit.checks import check_device_parser


class TestDeviceParser:
    def test_is_content_with_the_matcher_in_rust(self) -> None:
        assert check_device_parser(None) == []

    def test_warns_of_python_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ua_parser, "RegexResolver", None)
        (warning,) = check_device_parser(None)
        assert warning.id == "audit.W010"
        assert "ua-parser[regex]" in str(warning.hint)
