"""Do the system checks say what is missing, and how to get it?"""

from __future__ import annotations

import pytest
import ua_parser
from django.core.management import call_command

from audit.checks import check_device_parser


class TestDeviceParser:
    def test_is_content_with_the_matcher_in_rust(self) -> None:
        assert check_device_parser(None) == []

    def test_warns_of_python_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ua_parser, "RegexResolver", None)
        (warning,) = check_device_parser(None)
        assert warning.id == "audit.W010"
        assert "ua-parser[regex]" in str(warning.hint)


@pytest.mark.django_db
class TestRoles:
    def test_are_looked_at_by_check_deploy_alone(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("check", deploy=True)
        said = capsys.readouterr().err
        # The tests have one login for all.
        assert "audit.W002" in said
        assert "audit.W003" in said
