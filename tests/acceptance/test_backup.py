"""A backup of an installation that goes on recording, restored into a new one and verified."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from .installation import ROOT, Installation, post

EVENTS = [{"id": f"b-{n}", "type": "USER_LOGIN", "actor": {"id": f"u{n}"}} for n in range(250)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup with its keys, and what was in the installation."""

    top: Path
    backup: Path
    keys: Path
    key: str
    checkpoint: str


def run(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    top = tmp_path_factory.mktemp("backup")
    one = Installation(top / "first", {"DEMO": "off"})
    one.start()
    try:
        one.manage("environment", "create", "prod", "--name", "Production", "--production")
        key = one.manage("ingest_key", "create", "--environment", "prod", "--name", "billing")
        with httpx.Client() as client:
            assert post(client, one.address, key, EVENTS).status_code == 201
        log = Reading(one)
        one.wait(lambda: log.size() == len(EVENTS), 30)
        checkpoint = log.checkpoint()
        done = run(one, "backup", str(top / "copy"), "--keys", str(top / "keys"))
        assert done.returncode == 0, done.stderr
        assert f"prod: {len(EVENTS)} events" in done.stdout
        with httpx.Client() as client:
            later = [{"id": "later", "type": "USER_LOGIN"}]
            assert post(client, one.address, key, later).status_code == 201
    finally:
        one.stop()
    yield Made(top=top, backup=top / "copy", keys=top / "keys", key=key, checkpoint=checkpoint)
    one.remove()


class Reading:
    """The log of Prod, as an administrator's token reads it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        run(
            installation,
            "createsuperuser",
            "--noinput",
            "--username",
            "root",
            "--email",
            "r@example.com",
        )
        self._token = installation.manage("read_token", "create", "--user", "root")

    def checkpoint(self) -> str:
        address = f"{self._installation.address}/log/prod/checkpoint"
        answer = httpx.get(address, headers={"Authorization": f"Bearer {self._token}"})
        return answer.text if answer.status_code == 200 else ""

    def size(self) -> int:
        lines = self.checkpoint().splitlines()
        return int(lines[1]) if len(lines) > 1 else 0


class TestRestore:
    def test_all_comes_back_is_verified_and_goes_on(self, made: Made) -> None:
        other = Installation(made.top / "second", {"DEMO": "off"})
        done = run(other, "restore", str(made.backup), "--keys", str(made.keys))
        assert done.returncode == 0, done.stderr
        verified = run(other, "verify", "--all", "--deep")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        other.start()
        try:
            log = Reading(other)
            assert log.checkpoint() == made.checkpoint
            with httpx.Client() as client:
                # What the sender delivered before is known; what came after the backup is not.
                again = post(client, other.address, made.key, EVENTS)
                assert again.json()["duplicates"] == len(EVENTS)
                later = [{"id": "later", "type": "USER_LOGIN"}]
                assert post(client, other.address, made.key, later).status_code == 201
            other.wait(lambda: log.size() == len(EVENTS) + 1, 30)
            assert run(other, "verify", "--all").returncode == 0
            again = run(other, "restore", str(made.backup))
            assert again.returncode == 1
            assert "The database is not empty" in again.stderr
        finally:
            other.stop()
            other.remove()


class TestBackup:
    def test_tells_what_is_in_it_and_keeps_keys_apart(self, made: Made) -> None:
        manifest = json.loads((made.backup / "backup.json").read_text())
        assert manifest["events"]["prod"] == len(EVENTS)
        assert made.backup.stat().st_mode & 0o077 == 0
        assert {path.name for path in made.keys.iterdir()} == {"signing_key.pem", "secret_key"}
        secret = (made.keys / "secret_key").read_bytes().strip()
        assert all(secret not in path.read_bytes() for path in made.backup.rglob("*.*"))

    def test_overwrites_nothing(self, made: Made) -> None:
        one = Installation(made.top / "first", {"DEMO": "off"})
        done = run(one, "backup", str(made.backup))
        assert done.returncode == 1
        assert "is there already" in done.stderr
        done = run(one, "backup", str(made.top / "new"), "--keys", str(made.top / "new" / "keys"))
        assert done.returncode == 1
        assert "lies in the backup" in done.stderr
