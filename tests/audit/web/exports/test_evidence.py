"""Evidence of what the page shows: asked for by a button, made meanwhile, verified as fetched."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from audit.export import making
from audit.log.cursor import psycopg_cursor
from audit.models import Export
from audit.record import SubmittedEvent
from audit.record.submitted import Actor, Workspace
from audit.seal.log_keys import make_key
from audit.seal.sealer import Sealer
from audit.seal.verifier_keys import verifier_keys
from audit.worker.exports import make_exports
from environments.models import Environment as KnownEnvironment

ROOT = Path(__file__).resolve().parents[4]


def event(name: str) -> SubmittedEvent:
    return SubmittedEvent(type="USER_LOGIN", actor=Actor(id=name), workspace=Workspace(id="w1"))


@pytest.fixture(autouse=True)
def sealed(record: Callable[..., list[str]], settings: Any, tmp_path: Path) -> None:
    """300 signed events of Prod, each third one of ann, and one of Dev."""
    settings.AUDIT = {
        **settings.AUDIT,
        "SIGNING_KEY_FILE": tmp_path / "key.pem",
        "EXPORT_DIRECTORY": str(tmp_path / "exports"),
    }
    make_key(using="default", now=timezone.now())
    record([event(("ann", "ben", "eve")[n % 3]) for n in range(300)])
    record([event("ann")], "dev")
    Sealer(using="default").seal(now=timezone.now())


def all_but_prod(user: Any, ability: str, environment: str) -> bool:
    return ability == "export" or environment != "prod"


def everything(user: Any, ability: str, environment: str) -> bool:
    return True


@pytest.fixture
def may(settings: Any) -> Callable[[str], None]:
    """Have a host decide otherwise, by a function of this module."""

    def decide(name: str) -> None:
        settings.AUDIT = {**settings.AUDIT, "MAY": f"{__name__}.{name}"}

    return decide


def buttons(page: Any) -> dict[str, str]:
    """The buttons of evidence by their environments."""
    values = map(
        unescape, re.findall(r'name="form" value="([^"]*format=evidence[^"]*)"', page.text)
    )
    return {parse_qs(value)["environment"][0]: value for value in values}


def ask(client: Client, page: Any, environment: str) -> Any:
    search = re.search(r'name="search" value="([^"]*)"', page.text)
    assert search
    sent = {"search": unescape(search[1]), "form": buttons(page)[environment]}
    return client.post("/exports/", sent)


def work() -> None:
    make_exports(using="default", is_stopping=lambda: False)


def fetched(client: Client, path: Path) -> Path:
    """Fetch the newest file as a browser does."""
    page = client.get("/exports/").content.decode()
    href = re.search(r'href="([^"]*/file)" download', page)
    assert href, page
    answer = client.get(href[1])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-tar"
    assert answer["Content-Disposition"].endswith('.evidence.tar"')
    path.write_bytes(answer.getvalue())
    return path


def verified(path: Path) -> str:
    keys = verifier_keys(psycopg_cursor("default"), environment="prod")
    arguments = [option for key in keys for option in ("--key", str(key))]
    done = subprocess.run(
        [sys.executable, "-m", "audit.tlog.verify", path, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestEvidence:
    @pytest.mark.parametrize("search", ["actor=ann", "actor=ann&environment=prod"])
    def test_of_a_filter_is_verified_as_it_is_fetched(
        self, client: Client, browse: Any, ann: User, tmp_path: Path, search: str
    ) -> None:
        client.force_login(ann)
        assert ask(client, browse(f"/events/?{search}&from=always"), "prod").status_code == 302
        made = Export.objects.get()
        assert (made.format, made.evidence_of, made.expected_rows) == ("evidence", ["prod"], 100)
        work()
        made.refresh_from_db()
        assert (made.state, made.rows, made.error) == ("done", 100, "")
        path = fetched(client, tmp_path / "fetched.tar")
        assert "filtered: 100 events of a tree of size 300" in verified(path)
        with tarfile.open(path) as tar:
            manifest = tar.extractfile("evidence-prod/manifest.json")
            assert manifest
            told = json.load(manifest)
        assert told["filter"] == "actor=ann"
        assert told["counts"] == {"events": 100, "erased": {}}
        assert told["gaps"] == []
        (file,) = (tmp_path / "exports").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600

    def test_of_a_whole_environment_is_complete(
        self, client: Client, browse: Any, ann: User, tmp_path: Path
    ) -> None:
        client.force_login(ann)
        ask(client, browse("/events/?environment=prod&from=always"), "prod")
        work()
        path = fetched(client, tmp_path / "fetched.tar")
        assert "complete range [0,300) of a tree of size 300" in verified(path)

    def test_is_gone_on_with_after_a_stop(
        self, client: Client, browse: Any, ann: User, tmp_path: Path, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(making, "PROGRESS_SECONDS", 0)
        monkeypatch.setattr("audit.export.evidence.directory.STEP", 40)
        client.force_login(ann)
        ask(client, browse("/events/?environment=prod&from=always"), "prod")
        calls = [0]

        def is_stopping() -> bool:
            calls[0] += 1
            return calls[0] > 6

        make_exports(using="default", is_stopping=is_stopping)
        made = Export.objects.get()
        assert made.state == "running"
        assert 0 < made.rows < 300
        work()
        made.refresh_from_db()
        assert (made.state, made.rows, made.attempts) == ("done", 300, 2)
        verified(fetched(client, tmp_path / "fetched.tar"))

    def test_that_is_cancelled_leaves_no_file(
        self, client: Client, browse: Any, ann: User, tmp_path: Path, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(making, "PROGRESS_SECONDS", 0)
        client.force_login(ann)
        ask(client, browse("/events/?environment=prod&from=always"), "prod")

        begun: list[Path] = []

        def is_stopping() -> bool:
            if found := list((tmp_path / "exports").glob("*")):
                begun.extend(found)
                Export.objects.update(state="cancelled", finished_at=timezone.now())
            return False

        make_exports(using="default", is_stopping=is_stopping)
        assert begun
        assert Export.objects.get().state == "cancelled"
        assert list((tmp_path / "exports").iterdir()) == []

    def test_says_why_it_failed(self, client: Client, browse: Any, ann: User) -> None:
        client.force_login(ann)
        page = browse("/events/?from=always")
        ask(client, page, "dev")
        with psycopg_cursor("default") as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM audit_event WHERE actor_id = 'ann'")
            cursor.execute("SET session_replication_role = origin")
        work()
        made = Export.objects.get()
        assert made.state == "failed"
        assert "at position 0 is missing" in made.error


class TestWhoMay:
    def test_sees_a_button_for_each_environment(self, browse: Any) -> None:
        several = browse("/events/?from=always")
        assert buttons(several).keys() >= {"prod", "dev"}
        assert "one environment at a time" in several.text
        one = browse("/events/?environment=prod&from=always")
        assert buttons(one).keys() == {"prod"}
        assert "one environment at a time" not in one.text

    def test_is_who_the_host_says(self, client: Client, browse: Any, ann: User, may: Any) -> None:
        may("all_but_prod")
        page = browse("/events/?from=always")
        assert "prod" not in buttons(page)
        assert "dev" in buttons(page)
        client.force_login(ann)
        sent = {"search": "", "form": "format=evidence&environment=prod"}
        answer = client.post("/exports/", sent)
        assert answer.status_code == 400
        assert "may not export the evidence of" in unescape(answer.content.decode())
        assert not Export.objects.exists()

    def test_is_nobody_where_nobody_decides(self, browse: Any, settings: Any) -> None:
        settings.AUDIT = {name: v for name, v in settings.AUDIT.items() if name != "MAY"}
        assert buttons(browse("/events/?from=always")) == {}
        assert 'class="panel log"' not in browse("/evidence/").text

    def test_decides_of_the_page_of_evidence(self, browse: Any, may: Any) -> None:
        may("all_but_prod")
        text = browse("/evidence/").text
        assert 'id="log-dev"' in text
        assert 'id="log-prod"' not in text

    def test_decides_again_as_it_is_fetched(
        self, client: Client, browse: Any, ann: User, may: Any
    ) -> None:
        client.force_login(ann)
        ask(client, browse("/events/?from=always"), "prod")
        work()
        file = f"/api/v1/exports/{Export.objects.get().id}/file"
        may("all_but_prod")
        answer = client.get(file)
        assert answer.status_code == 409
        assert "more than you may see by now" in answer.json()["detail"]

    def test_of_a_workspace_gets_its_events_alone(
        self, client: Client, record: Any, may: Any, tmp_path: Path
    ) -> None:
        """Where a host lets them: the proofs are of what they see, and the README says so."""
        record([SubmittedEvent(type="USER_LOGIN", workspace=Workspace(id="w2"))])
        Sealer(using="default").seal(now=timezone.now() + timedelta(seconds=2))
        may("everything")
        eve = User.objects.create_user("eve2")
        prod = KnownEnvironment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=eve, environment=prod, workspace_id="w2")
        client.force_login(eve)
        sent = {"search": "", "form": "format=evidence&environment=prod"}
        assert client.post("/exports/", sent).status_code == 302
        work()
        path = fetched(client, tmp_path / "fetched.tar")
        assert "filtered: 1 events of a tree of size 301" in verified(path)

    @pytest.mark.parametrize("search", ["format=evidence", "format=evidence&actor=ann"])
    def test_is_told_to_name_one_environment(self, client: Client, ann: User, search: str) -> None:
        client.force_login(ann)
        answer = client.post(f"/api/v1/exports?{search}")
        assert answer.status_code == 400
        assert answer.json()["parameter"] == "environment"
        assert "name one" in answer.json()["detail"]

    def test_is_told_that_it_is_made_in_the_background(self, browse: Any) -> None:
        answer = browse("/api/v1/events/export?format=evidence&environment=prod")
        assert answer.status_code == 400
        assert "POST to /api/v1/exports" in answer.json()["detail"]
