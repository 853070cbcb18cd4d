"""What people search, count and export is read by the readers' login, and by it alone."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client

from accounts.models import User
from audit.export import making

from .audit.export.conftest import exports  # noqa: F401
from .test_queries import address_of, admin, fill, written  # noqa: F401

# What the web's own login reads in answering: who asks, what they may, what they keep; and, at
# /health/ready, whether recording goes on.
APPS_OWN = frozenset(("audit_preferences", "audit_savedview", "audit_export", "audit_rate"))
READY = "/health/ready"
# That something is read as an export is recorded, and what that looks up is the web's own.
RECORDED = re.compile("export|/picked/")
LOOKED_UP = frozenset(("audit_environment", "audit_eventtype"))
READING = making.reading
READ = re.compile(r"(?:FROM|JOIN) \"?(audit_[a-z_]+)")


@pytest.fixture
def by_login(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every statement, with the login that asked."""
    said: list[tuple[str, str]] = []
    for kind in (psycopg.Cursor, psycopg.ServerCursor):

        def noting(
            self: Any, query: Any, *args: Any, _plain: Any = kind.execute, **named: Any
        ) -> Any:
            said.append((self.connection.info.user, str(query)))
            return _plain(self, query, *args, **named)

        monkeypatch.setattr(kind, "execute", noting)
    return said


@pytest.mark.django_db(transaction=True, databases=["default", "reader"])
class TestReaders:
    def test_answer_every_page_and_reading_route(
        self,
        admin: User,  # noqa: F811
        settings: Any,
        by_login: list[tuple[str, str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(making, "reading", READING)  # its own connection, as in the product
        settings.AUDIT = {**settings.AUDIT, "READER_DATABASE": "reader"}
        fill(admin, 0)
        client = Client()
        client.force_login(admin)
        by_the_app, asked = {}, 0
        for line in written():
            address = address_of(line, admin)
            by_login.clear()
            answer = client.get(address)
            answer.getvalue()
            assert answer.status_code in (200, 302), (line, answer.status_code)
            readers = [query for login, query in by_login if login == "sightline_reader"]
            asked += len(readers)
            assert not [q for q in readers if re.match(r"\s*(INSERT|UPDATE|DELETE)", q)], line
            if not line.startswith(READY):
                by_app = {
                    table
                    for login, query in by_login
                    if login != "sightline_reader"
                    for table in READ.findall(query)
                }
                by_app -= APPS_OWN | (LOOKED_UP if RECORDED.search(line) else frozenset())
                if by_app:
                    by_the_app[line] = by_app
        assert by_the_app == {}
        assert asked > len(written())

    def test_can_only_read_and_not_for_long(self) -> None:
        with connections["reader"].cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            assert cursor.fetchone() == ("1min",)
            cursor.execute("SELECT current_setting('default_transaction_read_only')")
            assert cursor.fetchone() == ("on",)
