"""Do the system checks say what is missing, and how to get it?"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import ua_parser
from django.conf import settings as django_settings
from django.core.checks import CheckMessage
from django.db import connections

from audit import migrations
from audit.checks.databases import check_databases
from audit.checks.devices import check_device_parser
from audit.checks.policies import check_policies
from audit.checks.roles import check_roles
from audit.checks.values import check_settings
from audit.conf import audit_settings
from audit.contracts import EMPTY_SCOPE
from audit.ingest.formats import formats
from audit.migrations._postgresql import PostgreSQLMigration


def resolve(token: str) -> None:
    """It lacks the address that it is called with."""


class Half:
    """It offers no key."""

    def is_open_to(self, user: Any) -> bool:
        return False


NOT_CALLABLE = "a word"
ROWS = [{"code": "ORDER_PLACED", "group": "ordrs"}]
HERE = __name__


@pytest.fixture
def given(settings: Any) -> Callable[..., None]:
    """Set keys of AUDIT, beside those that the tests have."""

    def give(**keys: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, **keys}

    return give


def told(messages: Any) -> tuple[str, str, str]:
    (message,) = messages
    assert isinstance(message, CheckMessage)
    return str(message.id), message.msg, str(message.hint)


class TestPolicies:
    def test_of_the_product_are_found(self) -> None:
        assert check_policies(None) == []

    @pytest.mark.parametrize(
        "name",
        ["KEY_RESOLVER", "READER_RESOLVER", "SCOPE", "ENVIRONMENTS", "SENDERS", "KEY_OFFER"],
    )
    def test_are_named_where_they_lead_nowhere(self, given: Any, name: str) -> None:
        given(**{name: "nowhere.at_all"})
        id, message, _hint = told(check_policies(None))
        assert id == "audit.E002"
        assert message.startswith(f"AUDIT['{name}'] is 'nowhere.at_all', which can't be imported")

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            pytest.param("SCOPE", resolve, "which is no text", id="the function itself"),
            pytest.param(
                "SCOPE", f"{HERE}.NOT_CALLABLE", "which can't be called", id="no function"
            ),
            pytest.param(
                "KEY_RESOLVER",
                f"{HERE}.resolve",
                "which can't be called with (token, ip_address=…)",
                id="an argument is missing",
            ),
            pytest.param(
                "SENDERS", f"{HERE}.resolve", "which can't be called with ()", id="one too many"
            ),
            pytest.param("KEY_OFFER", f"{HERE}.resolve", "which is no class", id="no class"),
            pytest.param(
                "KEY_OFFER",
                f"{HERE}.Half",
                "which has no method make that takes (user, environment=…, now=…)",
                id="half a class",
            ),
        ],
    )
    def test_are_asked_whether_they_can_be_called(
        self, given: Any, name: str, value: Any, said: str
    ) -> None:
        given(**{name: value})
        id, message, _hint = told(check_policies(None))
        assert id == "audit.E002"
        assert message.endswith(said)

    def test_may_fail_in_any_way_while_they_are_imported(
        self, given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "broken_policy.py").write_text("raise LookupError('no such office')")
        monkeypatch.syspath_prepend(tmp_path)
        given(SCOPE="broken_policy.resolve_scope")
        assert "no such office" in told(check_policies(None))[1]


class TestFormats:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            pytest.param("tests.hostproject.till.TILL", "a list of dotted paths", id="no list"),
            pytest.param(["nowhere.at_all"], "which can't be imported", id="no path"),
            pytest.param([7], "which can't be imported", id="no text"),
            pytest.param(["tests.hostproject.till.NO_FORMAT"], "leads to no", id="no format"),
            pytest.param(
                ["audit.ingest.native_format.NATIVE"], "name 'native' is taken", id="taken"
            ),
            pytest.param(["tests.hostproject.till.TILL"] * 2, "name 'till' is taken", id="twice"),
        ],
    )
    def test_that_wont_do_are_named(self, given: Any, value: Any, said: str) -> None:
        given(FORMATS=value)
        id, message, hint = told(check_settings(None))
        assert id == "audit.E008"
        assert message.startswith("AUDIT['FORMATS']")
        assert said in message
        assert "docs/embedding.md" in hint

    def test_of_a_host_are_there_beside_the_built_in_ones(self, given: Any) -> None:
        given(FORMATS=["nowhere.at_all", "tests.hostproject.till.TILL"])
        assert [*formats()] == ["native", "lowcoder", "till"]


class TestEventTypes:
    def test_of_the_product_have_no_problem(self) -> None:
        assert check_settings(None) == []

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            pytest.param(ROWS, "[0]: Unknown group 'ordrs'", id="a bad row"),
            pytest.param(f"{HERE}.ROWS", "[0]: Unknown group 'ordrs'", id="one behind a path"),
            pytest.param("nowhere.at_all", "is 'nowhere.at_all', which can't be had", id="no path"),
            pytest.param({"code": "X"}, "has to be a list of rows", id="no list"),
        ],
    )
    def test_that_wont_do_are_named(self, given: Any, value: Any, said: str) -> None:
        given(EVENT_TYPES=value)
        id, message, hint = told(check_settings(None))
        assert id == "audit.E007"
        assert message.startswith("AUDIT['EVENT_TYPES']")
        assert said in message
        assert "docs/event-types.md" in hint


class TestValues:
    def test_of_the_product_will_do(self) -> None:
        assert check_settings(None) == []

    @pytest.mark.parametrize("value", [None, ["SCOPE"], "SCOPE"])
    def test_have_to_be_a_mapping(self, settings: Any, value: Any) -> None:
        settings.AUDIT = value
        id, message, _ = told(check_settings(None))
        assert id == "audit.E001"
        assert f"AUDIT is {value!r}" in message
        assert check_policies(None) == check_databases(None) == []
        assert audit_settings().resolve_scope(None) == EMPTY_SCOPE

    def test_need_times_with_zones(self, settings: Any) -> None:
        settings.USE_TZ = False
        id, message, hint = told(check_settings(None))
        assert (id, hint) == ("audit.E006", "USE_TZ = True")
        assert "USE_TZ is off" in message

    def test_have_known_names(self, given: Any) -> None:
        given(MAX_EVENT=5)
        assert told(check_settings(None))[::2] == ("audit.E001", "Did you mean 'MAX_EVENTS'?")

    @pytest.mark.parametrize(
        ("name", "value", "wanted"),
        [
            pytest.param("MAX_EVENTS", "many", "a whole number, at least 1", id="text"),
            pytest.param("MAX_EVENTS", 0, "a whole number, at least 1", id="too little"),
            pytest.param("MAX_EVENTS", True, "a whole number, at least 1", id="a switch"),
            pytest.param("MAX_EVENTS", None, "a whole number, at least 1", id="nothing"),
            pytest.param("MAX_NESTING", 10_000, "a whole number from 8 to 500", id="too much"),
            pytest.param("TRUSTED_PROXIES", 1.5, "a whole number from 0 to 32", id="a fraction"),
            pytest.param("SEARCH_BUDGET_SECONDS", "1", "a number from 0.01 to 60", id="digits"),
            pytest.param("TIME_ZONE", "Europe/Berln", "a zone of the IANA", id="an unknown zone"),
            pytest.param("TIME_ZONE", None, "a zone of the IANA", id="no zone"),
            pytest.param("TIME_ZONE", "../etc/passwd", "a zone of the IANA", id="a path"),
            pytest.param("EXPORT_DIRECTORY", 5, "a path", id="no path"),
        ],
    )
    def test_are_such_as_can_be_used(self, given: Any, name: str, value: Any, wanted: str) -> None:
        given(**{name: value})
        id, message, hint = told(check_settings(None))
        assert id == "audit.E005"
        assert message.startswith(f"AUDIT['{name}'] is {value!r}, and has to be {wanted}")
        assert "Leave it out" in hint

    def test_take_paths_as_python_has_them(self, given: Any, tmp_path: Path) -> None:
        given(EXPORT_DIRECTORY=tmp_path, SEARCH_BUDGET_SECONDS=1, TIME_ZONE="Europe/Berlin")
        assert check_settings(None) == []


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another database than the one that people are kept in."""
    other = {**django_settings.DATABASES["default"], "NAME": "log"}
    monkeypatch.setitem(django_settings.DATABASES, "log", other)


class TestDatabases:
    def test_of_the_product_will_do(self) -> None:
        assert check_databases(None) == []

    @pytest.mark.parametrize("name", ["DATABASE", "WORKER_DATABASE", "OWNER_DATABASE"])
    def test_have_to_be_there(self, given: Any, name: str) -> None:
        given(**{name: "defautl"})
        assert told(check_databases(None)) == (
            "audit.E004",
            f"AUDIT['{name}'] is 'defautl', which DATABASES doesn't have.",
            "Did you mean 'default'?",
        )

    def test_may_be_given_as_anything(self, given: Any) -> None:
        given(WORKER_DATABASE=["default"])
        assert told(check_databases(None))[1] == (
            "AUDIT['WORKER_DATABASE'] is ['default'], which DATABASES doesn't have."
        )
        assert check_roles(None) == []

    def test_have_to_be_postgresql(self, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connections["default"], "vendor", "sqlite")
        given(WORKER_DATABASE="default")
        id, message, hint = told(check_databases(None)[:1])
        assert (id, hint) == (
            "audit.E004",
            "DATABASES['default']['ENGINE'] = 'django.db.backends.postgresql'",
        )
        assert "whose engine is sqlite; the log needs PostgreSQL" in message

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["DATABASE", "WORKER_DATABASE"])
    def test_that_are_not_there_are_not_asked_for_roles(self, given: Any, name: str) -> None:
        given(**{name: "defautl"})
        assert check_roles(None) == []

    def test_have_to_be_the_ones_of_the_people(self, given: Any, log: None) -> None:
        given(DATABASE="log")
        messages = check_databases(None)
        assert {message.id for message in messages} == {"audit.E004"}
        assert "people are kept in 'default'" in messages[0].msg
        assert "AUDIT['DATABASE'] = 'default'" in str(messages[0].hint)

    def test_have_to_be_where_a_router_sends_the_log(self, settings: Any, log: None) -> None:
        settings.DATABASE_ROUTERS = [f"{HERE}.Elsewhere"]
        id, message, hint = told(check_databases(None))
        assert id == "audit.E004"
        assert "sends the app 'audit' to 'log'" in message
        assert "leave it in 'default'" in hint


class Elsewhere:
    """A router with a database for the log alone."""

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "log" if model._meta.app_label == "audit" else None


class TestMigrations:
    def test_leave_other_kinds_of_databases_alone(self) -> None:
        for module in pkgutil.iter_modules(migrations.__path__, "audit.migrations."):
            if not module.name.startswith(f"{migrations.__name__}._"):
                assert issubclass(
                    importlib.import_module(module.name).Migration, PostgreSQLMigration
                ), f"{module.name}: let its Migration be a PostgreSQLMigration"


class TestDeviceParser:
    def test_is_content_with_the_matcher_in_rust(self) -> None:
        assert check_device_parser(None) == []

    def test_warns_of_python_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ua_parser, "RegexResolver", None)
        (warning,) = check_device_parser(None)
        assert warning.id == "audit.W010"
        assert "ua-parser[regex]" in str(warning.hint)
