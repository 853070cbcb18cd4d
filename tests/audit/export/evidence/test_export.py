"""What the command writes is verified by the code that a stranger has, and by that alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.export.evidence import directory as writing
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Actor
from audit.seal.log_keys import make_key, rotate_key
from audit.seal.sealer import Sealer
from tests.factories import EnvironmentFactory
from tests.guards import past_the_guards

ROOT = Path(__file__).resolve().parents[4]
pytestmark = pytest.mark.django_db
Record = Callable[[int], None]


@pytest.fixture(autouse=True)
def installation(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    make_key(using="default", now=timezone.now())
    EnvironmentFactory()
    EnvironmentFactory(key="dev")


@pytest.fixture
def record() -> Record:
    """Record so many events of ann and ben in turn, seal and sign."""
    rounds = iter(range(0, 1_000, 2))

    def _record(count: int) -> None:
        now = timezone.now() + timedelta(seconds=next(rounds))
        events = [
            SubmittedEvent(
                type="USER_LOGIN",
                actor=Actor(id=("ann", "ben")[at % 2], name="Zoë\u2028"),
                details={"n": at},
            )
            for at in range(count)
        ]
        record_events(events, origin=Origin(environment="prod"), received_at=timezone.now())
        sealer = Sealer(using="default")
        sealer.seal(now=now)
        sealer.seal(now=now + timedelta(seconds=1))

    return _record


def keys() -> list[str]:
    out = StringIO()
    call_command("log_key", "export", "--environment", "prod", stdout=out)
    return out.getvalue().split()


def export(path: Path, *options: str, environment: str = "prod") -> str:
    err = StringIO()
    call_command(
        "evidence", "export", str(path), "--environment", environment, *options, stderr=err
    )
    return err.getvalue()


def verify(path: Path, *given: str) -> tuple[int, str]:
    """Run the verifier as a stranger does; returns its exit status and what it said."""
    arguments = [option for key in given or keys() for option in ("--key", key)]
    done = subprocess.run(
        [sys.executable, "-m", "audit.tlog.verify", path, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def lines(path: Path) -> list[dict[str, Any]]:
    content = (path / "entries.ndjson").read_bytes()
    return [json.loads(line) for line in content.split(b"\n") if line]


class TestWhole:
    @pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513])
    def test_of_a_log_of_any_size_is_verified(
        self, size: int, record: Record, tmp_path: Path
    ) -> None:
        record(size)
        export(tmp_path / "out")
        status, said = verify(tmp_path / "out")
        assert status == 0, said
        assert f"complete range [0,{size}) of a tree of size {size}" in said

    def test_of_some_positions(self, record: Record, tmp_path: Path) -> None:
        for count in (100, 200, 40):
            record(count)
        export(tmp_path / "out", "--positions", "90:310")
        status, said = verify(tmp_path / "out")
        assert status == 0, said
        assert "complete range [90,310) of a tree of size 340" in said
        assert "older checkpoints that the tree goes on from: 1" in said
        assert [line["pos"] for line in lines(tmp_path / "out")] == list(range(90, 310))

    def test_of_what_was_recorded_since(self, record: Record, tmp_path: Path) -> None:
        record(3)
        since = timezone.now().isoformat()
        record(2)
        export(tmp_path / "new", "--recorded-from", since)
        export(tmp_path / "old", "--recorded-to", since)
        assert [line["pos"] for line in lines(tmp_path / "new")] == [3, 4]
        assert [line["pos"] for line in lines(tmp_path / "old")] == [0, 1, 2]
        assert verify(tmp_path / "new")[0] == verify(tmp_path / "old")[0] == 0

    def test_as_a_tar(self, record: Record, tmp_path: Path) -> None:
        record(300)
        export(tmp_path / "prod-2026.tar")
        status, said = verify(tmp_path / "prod-2026.tar")
        assert status == 0, said
        with tarfile.open(tmp_path / "prod-2026.tar") as tar:
            assert {name.partition("/")[0] for name in tar.getnames()} == {"prod-2026"}
        assert sorted(p.name for p in tmp_path.iterdir()) == ["key.pem", "prod-2026.tar"]

    def test_while_events_arrive_and_after_a_rotation(self, record: Record, tmp_path: Path) -> None:
        record(10)
        old = keys()
        rotate_key(using="default", now=timezone.now())
        record(5)
        record_events(
            [SubmittedEvent(type="USER_LOGIN")],
            origin=Origin(environment="prod"),
            received_at=timezone.now(),
        )
        export(tmp_path / "out")
        assert len(lines(tmp_path / "out")) == 15
        for given in (old, keys()):
            status, said = verify(tmp_path / "out", *given)
            assert status == 0, said

    def test_discloses_no_other_environment(self, record: Record, tmp_path: Path) -> None:
        record(2)
        with pytest.raises(CommandError, match="signed yet"):
            export(tmp_path / "out", environment="dev")
        with pytest.raises(CommandError, match="'nowhere'"):
            export(tmp_path / "out", environment="nowhere")

    def test_tells_a_stranger_how_to_verify_it(self, record: Record, tmp_path: Path) -> None:
        record(3)
        export(tmp_path / "out")
        text = (tmp_path / "out" / "README.md").read_text()
        assert "python verify_export.py DIRECTORY --key 'name+hash+key'" in text
        assert "positions 0 to 2" in text
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
        assert manifest["counts"] == {"events": 3, "erased": {}}
        assert set(manifest["files"]) == {"README.md", "checkpoint", "entries.ndjson"}


class TestFiltered:
    def test_has_a_proof_for_each_event(self, record: Record, tmp_path: Path) -> None:
        record(300)
        record(7)
        told = export(tmp_path / "out", "--actor", "ben")
        assert "filtered" in told
        status, said = verify(tmp_path / "out")
        assert status == 0, said
        assert "filtered: 153 events of a tree of size 307" in said
        texts = [line["parts"]["personal"]["body"] for line in lines(tmp_path / "out")]
        assert all('"id":"ben"' in text for text in texts)
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
        assert manifest["complete"] is False
        assert manifest["filter"] == "actor=ben"
        assert "actor=ben" in (tmp_path / "out" / "README.md").read_text()

    def test_of_nothing_is_an_empty_file(self, record: Record, tmp_path: Path) -> None:
        record(3)
        export(tmp_path / "out", "--actor", "nobody")
        assert (tmp_path / "out" / "entries.ndjson").read_bytes() == b""
        status, said = verify(tmp_path / "out")
        assert status == 0, said

    def test_by_when_it_happened(self, record: Record, tmp_path: Path) -> None:
        record(3)
        export(tmp_path / "out", "--from", "2020-01-01", "--to", "2021-01-01")
        assert lines(tmp_path / "out") == []
        export(tmp_path / "all", "--from", "2020-01-01")
        assert len(lines(tmp_path / "all")) == 3
        assert verify(tmp_path / "all")[0] == 0

    @pytest.mark.parametrize(
        "options",
        [
            ("--positions", "5:2"),
            ("--positions", "0:99"),
            ("--positions", "x"),
            ("--from", "soon"),
            ("--recorded-from", "soon"),
            ("--type", "NO_SUCH_TYPE_EVER", "--outcome", "maybe"),
        ],
    )
    def test_says_what_it_cannot_read(
        self, options: tuple[str, ...], record: Record, tmp_path: Path
    ) -> None:
        record(3)
        with pytest.raises(CommandError) as caught:
            export(tmp_path / "out", *options)
        assert caught.value.returncode == 2
        assert not (tmp_path / "out").exists()


def _no_space(*given: Any, **more: Any) -> Any:
    raise OSError(28, "No space left on device")


class TestInterrupted:
    def test_begun_anew_leaves_nothing_of_the_first_attempt(
        self, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It ended before a line was written, and the log's last tile has another width now."""
        record(3)
        with monkeypatch.context() as patched:
            patched.setattr(writing, "read_lines", _no_space)
            with pytest.raises(CommandError, match="No space left"):
                export(tmp_path / "out")
        record(2)
        export(tmp_path / "out")
        status, said = verify(tmp_path / "out")
        assert status == 0, said

    @pytest.mark.parametrize("options", [(), ("--actor", "ann")])
    def test_goes_on_where_it_was(
        self,
        options: tuple[str, ...],
        record: Record,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        record(600)
        export(tmp_path / "whole", *options)
        monkeypatch.setattr(writing, "STEP", 100)
        plain, seen = writing.read_lines, []

        def failing(cursor: Any, environment: int, start: int, end: int, **more: Any) -> Any:
            seen.append(start)
            if len(seen) in (3, 5):
                yield from list(plain(cursor, environment, start, end, **more))[:7]
                raise OSError(28, "No space left on device")
            yield from plain(cursor, environment, start, end, **more)

        monkeypatch.setattr(writing, "read_lines", failing)
        for _ in range(2):
            with pytest.raises(CommandError, match="No space left"):
                export(tmp_path / "out", *options)
            assert not (tmp_path / "out").exists()
        record(10)  # the log grows meanwhile; the export stays under its checkpoint
        export(tmp_path / "out", *options)
        assert seen == [0, 100, 200, 200, 300, 300, 400, 500]
        assert verify(tmp_path / "out")[0] == 0
        for name in ("entries.ndjson", "checkpoint"):
            assert (tmp_path / "out" / name).read_bytes() == (
                tmp_path / "whole" / name
            ).read_bytes()

    def test_what_does_not_verify_is_not_exported(self, record: Record, tmp_path: Path) -> None:
        record(20)
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET details = '{}' WHERE ordinal = 7")
        with pytest.raises(CommandError, match="at position 7 is not what its receipt says"):
            export(tmp_path / "out")
        with past_the_guards() as cursor:
            cursor.execute("DELETE FROM audit_event WHERE ordinal = 5")
        with pytest.raises(CommandError, match="at position 5 is missing"):
            export(tmp_path / "out")
        assert not (tmp_path / "out").exists()
