"""How many statements does each page and each reading route of the API take?

`tests/queries.txt` has a line for each, and `make queries` writes it anew: what a change costs is
read in its diff. A route may have more lines, with parameters; one that has none is told by name.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token
from audit.contracts import EMPTY_SCOPE
from audit.export import Form, jobs
from audit.models import Event, Export, SavedView
from audit.query import EventQuery
from audit.query.search import bounded_scan
from audit.record.submitted import Change, Resource
from audit.seal.log_keys import make_key
from audit.web.saved_views.found import save_view
from audit.worker.exports import make_exports
from environments.keys import create_ingest_key
from tests.factories import EnvironmentFactory, PersonFactory

from .audit.export.conftest import exports  # noqa: F401
from .audit.query.recorded import ALL, KEYS, data_source, event, record, work
from .routes import routes

LINES = Path(__file__).with_name("queries.txt")
HEAD = """\
# The statements that each page and each reading route of the API takes, for somebody who may see
# everything, once a process has answered it before. `make queries` writes this file anew.
"""
# What is there for addresses that nothing answers, and for models that have no page of their own.
NOBODYS = (
    "/^api(/|$)",
    "/api/v1/",
    "/log/",
    "/admin/(?P<url>.*)$",
    "/admin/r/<path:content_type_id>/<path:object_id>/",
)
SIZE = 8  # twice of it still is on the first page everywhere
THEN = datetime(2025, 3, 20, 15, 30, tzinfo=UTC)  # a day like any other: no month, no year ends
HOUR = timedelta(hours=1)
TYPES = (
    "APPLICATION_UPDATE",
    "APPLICATION_PUBLISH",
    "USER_LOGIN",
    "APPLICATION_DELETE",
    "DATA_SOURCE_PERMISSION_GRANT",
    "QUERY_EXECUTION",
)
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/13{}.0 Safari/537.36"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes to the database, Django's and our own.

    A test's transaction never commits, so what waits for that is done at once, as it long has been
    in a process that is counted.
    """
    monkeypatch.setattr(transaction, "on_commit", lambda done, using=None: done())
    said: list[str] = []
    for kind in (psycopg.Cursor, psycopg.ServerCursor):

        def noting(
            self: Any, query: Any, *args: Any, _plain: Any = kind.execute, **named: Any
        ) -> Any:
            if not str(query).startswith("NOTIFY"):  # that is said so many times a second
                said.append(str(query))
            if str(query).startswith("SET LOCAL statement_timeout"):  # it would last for the test
                query = "SET LOCAL statement_timeout = 0"
            return _plain(self, query, *args, **named)

        monkeypatch.setattr(kind, "execute", noting)
    return said


@pytest.fixture
def admin(
    exports: Path,  # noqa: F811
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> User:
    """Somebody who sees all, at a moment that stands still; a search is never short of time."""
    monkeypatch.setattr(timezone, "now", lambda: THEN)
    monkeypatch.setattr(bounded_scan, "STEP_SECONDS", 3600.0)
    settings.AUDIT = {
        **settings.AUDIT,
        "SEARCH_BUDGET_SECONDS": 60,
        "SIGNING_KEY_FILE": tmp_path / "key.pem",
    }
    make_key(using="default", now=THEN)
    for key in KEYS:
        EnvironmentFactory(key=key, is_production=key == "prod")
    return PersonFactory(superuser=True)


def fill(admin: User, part: int) -> None:
    """Put SIZE of everything that is listed anywhere there; part: 0 or 1, each as much again."""
    for place, key in enumerate(KEYS):
        record(
            key,
            [
                event(
                    TYPES[n % len(TYPES)],
                    THEN - (7 * n + part / 2 + (place + 1) / 60) * HOUR,  # no two at one time
                    outcome="failure" if n % 4 == 2 else None,
                    actor=(f"u{part}-{n}", f"u{part}-{n}@example.com"),
                    application=(f"{key}-{part}-{n}", f"gid-{part}-{n}", f"App {n % 3}"),
                    workspace=f"w{part}-{n}",
                    agent=AGENT.format(n),
                    resource=data_source(f"d{part}-{n}", "Stock"),
                    targets=(Resource(type="user", id=f"t{n}"),),
                    changes=(Change(field="name", old="a", new="b"),),
                    details={"tag": f"{part}.{n}"},
                )
                for n in range(SIZE)
            ],
            now=THEN,
        )
    for n in range(SIZE):
        _, key = create_ingest_key(environment="prod", sender=f"s{part}-{n}", now=THEN)
        bad = {"type": "X", f"member-{part}": n}
        headers = {"Authorization": f"Bearer {key}"}
        Client().post("/api/v1/events", bad, content_type="application/json", headers=headers)
        save_view(admin, scope=EMPTY_SCOPE, name=f"V{part}-{n}", address=f"/events/?type=T{n}")
        Group.objects.create(name=f"G{part}-{n}")
        create_read_token(user=User.objects.create_user(f"ben{part}-{n}"), now=THEN)
        jobs.create_export(
            user=admin,
            query=EventQuery(scope=ALL),
            form=Form(format="ndjson"),
            said="",
            address=None,
            now=THEN,
        )
        make_exports(using="default", is_stopping=lambda: False)
    work()


def address_of(line: str, admin: User) -> str:
    """Return the line with something that is there in the place of each id."""
    known = {
        "event_id": Event.objects.filter(actor_id="u0-0").latest("id").pk,
        "export_id": Export.objects.filter(state="done").latest("asked_at").pk,
        "view_id": SavedView.objects.latest("id").pk,
        "alarm_id": 1,
        "app_label": "audit",
        "environment": "prod",
        "key": "prod",
        "user_id": admin.pk,
        "resource": f"tile/0/000.p/{SIZE}",
    }
    model = re.match("/admin/(\\w+)/(\\w+)/.", line)
    if model:
        known["object_id"] = known["id"] = apps.get_model(*model.groups()).objects.latest("pk").pk
    line = line.replace("^", "").replace("$", "")
    ids = r"\(\?P<(\w+)>[^()]*\)|<(?:\w+:)?(\w+)>"
    return re.sub(ids, lambda told: str(known[told[1] or told[2]]), line)


def written() -> dict[str, int]:
    """Return the statements of each line of the file."""
    lines = [line.split() for line in LINES.read_text().splitlines() if not line.startswith("#")]
    return {line: int(count) for count, line in lines}


def to_visit() -> list[str]:
    """Return the lines of the file and the routes that have none."""
    lines = list(written())
    with_line = {line.split("?")[0] for line in lines}
    new = {f"/{route}" for route in routes()} - with_line - set(NOBODYS)
    return sorted({*lines, *new})


def counted(lines: list[str], admin: User, statements: list[str]) -> dict[str, int]:
    """Return how many statements each line took; routes that nobody reads are left out."""
    client = Client()
    client.force_login(admin)
    counts, unread = {}, {}
    for line in lines:
        address = address_of(line, admin)
        for _ in range(2):
            statements.clear()
            answer = client.get(address)
            answer.getvalue()
        if answer.status_code in (200, 302):
            counts[line] = len(statements)
        elif answer.status_code not in (403, 405):
            unread[line] = answer.status_code
    assert not unread, f"give these lines in {LINES.name} what they ask for"
    return counts


class TestStatements:
    def test_are_as_many_as_the_file_says_however_much_there_is(
        self, admin: User, statements: list[str], request: pytest.FixtureRequest
    ) -> None:
        lines = to_visit()
        fill(admin, 0)
        counts = counted(lines, admin, statements)
        if request.config.getoption("write_queries"):
            told = [f"{counts[line]:3} {line}\n" for line in sorted(counts)]
            LINES.write_text(HEAD + "".join(told))
        assert counts == written(), "`make queries` writes the file anew"
        fill(admin, 1)
        assert counted(lines, admin, statements) == counts
