"""Each line of docs/export.md reads 30,003 events as they are, in the tool that it is for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from audit.export.formats.formulas import harmless

from .installation import ROOT, Installation

EVENTS = 30_003
BATCH = 10_000
# What comes first in a file is what readers guess by; these are the last, and otherwise.
LATE = 6_000
KIND = "READ"
READERS = ROOT / ".tools" / "readers" / "bin" / "python"
DOCS = (ROOT / "docs" / "export.md").read_text()
NAMES = (
    *("Ann", "=1+1", "\ufeff=1", "NA", "null", "", "Zoë", "a\nb", 'say "hi", she said', "007"),
    *("1e5", "2026-03-05", "true", "# rows=3"),
)


def table() -> Iterator[tuple[str, str]]:
    """The lines of the documentation, each with its tool."""
    tool = ""
    for name, code in re.findall(r"^\| *(\w*) *\| `([^`]+)` \|$", DOCS, re.MULTILINE):
        tool = name or tool
        if "events." in code:
            yield tool, code


LINES = list(table())


def event(number: int, now: datetime) -> dict[str, Any]:
    sent = {
        "id": f"r{number}",
        "type": KIND,
        "time": (now - timedelta(hours=20) + timedelta(seconds=number)).isoformat(),
        "actor": {"id": str(number % 97), "name": NAMES[number % len(NAMES)] or None},
        "context": {"session": f"{number:06d}", "user_agent": "curl/8.5.0"},
        "details": {"n": number, "amount": 1.5},
    }
    if number % 2:
        sent["changes"] = [{"field": "name", "old": None, "new": {"a": [number]}}]
    if number < LATE:
        sent |= {
            "context": {"session": f"s-{number}", "ip": "192.0.2.7"},
            "details": {"n": "a text", "only": {"late": [1, None, {"x": 1.5}]}},
            "changes": [{"field": "f", "old": 1, "new": "1"}],
            "targets": [{"type": "user", "id": "u"}],
            "sequence": number,
            "source": "late",
        }
    return sent


@pytest.fixture(scope="module")
def files(
    installation: Installation,
    ingest_key: str,
    read_token: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A directory with the same events in every format."""
    now = datetime.now(UTC)
    api = f"{installation.address}/api/v1"
    headers = {"Authorization": f"Bearer {ingest_key}", "Content-Type": "application/x-ndjson"}
    for start in range(0, EVENTS, BATCH):
        numbers = range(start, min(start + BATCH, EVENTS))
        body = "\n".join(json.dumps(event(number, now)) for number in numbers)
        answer = httpx.post(f"{api}/events", content=body, headers=headers, timeout=60)
        assert answer.json()["recorded"] == len(numbers)
    directory = tmp_path_factory.mktemp("files")
    for name in ("csv", "ndjson", "parquet"):
        answer = httpx.get(
            f"{api}/events/export?format={name}&type={KIND}",
            headers={"Authorization": f"Bearer {read_token}"},
            timeout=60,
        )
        (directory / f"events.{name}").write_bytes(answer.content)
    return directory


class TestLines:
    @pytest.mark.skipif(not READERS.exists(), reason="scripts/tools has installed no readers")
    @pytest.mark.parametrize(
        ("tool", "line"),
        [pair for pair in LINES if pair[0] not in ("LibreOffice", "Excel")],
    )
    def test_read_every_event_as_it_is(self, files: Path, tool: str, line: str) -> None:
        script = ROOT / "tests" / "acceptance" / "reading.py"
        done = subprocess.run(
            [READERS, "-W", "error", script, tool, line],
            cwd=files,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2_000:]
        found = json.loads(done.stdout)
        assert len(found) == EVENTS
        lines = (files / "events.ndjson").read_text().split("\n")[:-1]
        for (id_, session, name), line_ in zip(found, lines, strict=True):
            sent = json.loads(line_)
            sent_name = sent["actor"].get("name", "")
            assert (id_, session) == (sent["id"], sent["context"]["session"])
            assert name == (harmless(sent_name) if "csv" in line else sent_name)

    @pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice isn't installed")
    def test_open_in_libreoffice(self, files: Path, tmp_path: Path) -> None:
        (line,) = (code for tool, code in LINES if tool == "LibreOffice")
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = line.replace("soffice ", f"soffice {profile} ", 1) + f" --outdir {tmp_path}"
        subprocess.run(command, shell=True, cwd=files, check=True, capture_output=True)
        with ZipFile(tmp_path / "events.ods") as file:
            content = file.read("content.xml").decode()
        assert content.count("<table:table-row") == EVENTS + 1
        assert "Zoë" in content
        assert ">007<" in content
        assert "table:formula" not in content

    def test_are_there_for_every_tool(self) -> None:
        tools = [tool for tool, _ in LINES]
        assert {*tools} == {"DuckDB", "pandas", "polars", "pyarrow", "LibreOffice", "Excel"}


class TestCheck:
    """The commands of the documentation, as they stand there."""

    def run(self, script: str, installation: Installation, token: str, directory: Path) -> Any:
        return subprocess.run(
            ["sh", "-c", script],
            cwd=directory,
            env={**os.environ, "URL": installation.address, "TOKEN": token},
            capture_output=True,
            text=True,
        )

    @pytest.mark.usefixtures("files")
    def test_finds_out_a_file_that_was_cut(
        self, installation: Installation, read_token: str, tmp_path: Path
    ) -> None:
        (script,) = re.findall(r"```sh\n(id=.*?)```", DOCS, re.DOTALL)
        fetch, check = script[: script.index("\ncurl")], script[script.index("\ncurl") :]
        steps = [fetch, "cp events.csv whole.csv", check]
        for damage in ("truncate -s -1 events.csv", ": > events.csv", "rm events.csv"):
            steps += ["cp whole.csv events.csv", damage, check]
        done = self.run("\n".join(steps), installation, read_token, tmp_path)
        cut = "events.csv is cut: fetch it again."
        assert done.stdout.splitlines() == ["events.csv is whole.", cut, cut, cut], done.stderr
        assert done.returncode == 1

    def test_is_no_comfort_to_one_without_a_token(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        (script,) = re.findall(r"```sh\n(id=.*?)```", DOCS, re.DOTALL)
        done = self.run(script, installation, "slr_none", tmp_path)
        assert done.returncode == 1
        assert "401" in done.stderr
