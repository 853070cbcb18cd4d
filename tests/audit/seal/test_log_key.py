"""`manage.py log_key`: what it prints is what a verifier takes."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Checkpoint, Event
from audit.seal.sealer import Sealer
from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.notes import parse_key, signers

from .conftest import Record

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("log_key", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


class TestLogKey:
    def test_exports_the_key_that_the_checkpoints_of_an_environment_are_signed_with(
        self, key_path: Path, record: Record
    ) -> None:
        told("new")
        record(2)
        Sealer(using="default").seal(now=timezone.now())
        note, _ = parse_checkpoint(Checkpoint.objects.get().note.encode())
        key = parse_key(told("export", "--environment", "prod").splitlines()[-1])
        assert signers(note, [key]) == (key,)

    def test_exports_a_key_of_every_environment(self, key: bytes, environment: int) -> None:
        names = [parse_key(line).name for line in told("export").splitlines()]
        assert [name.rpartition("/")[2] for name in names] == ["audit-system", "prod"]

    def test_an_unknown_environment_is_told(self, key: bytes) -> None:
        with pytest.raises(CommandError, match="'nowhere'"):
            told("export", "--environment", "nowhere")

    def test_lists_the_newest_first(self, key: bytes) -> None:
        told("rotate")
        lines = [line.split("\t") for line in told("list").splitlines()]
        assert [line[3] for line in lines] == ["signs", "signs"]
        assert lines[1][0] == key.hex()
        assert lines[0][2] == "until -"

    def test_a_rotation_is_recorded_once_in_every_log(self, key: bytes, environment: int) -> None:
        told("rotate")
        told("announce")
        newer = told("list").split("\t")[0]
        events = list(Event.objects.all())
        assert {json.loads(event.head)["environment"] for event in events} == {
            "audit-system",
            "prod",
        }
        assert len(events) == 2
        for event in events:
            assert json.loads(event.head)["type"] == "AUDIT_KEY_ROTATED"
            details = json.loads(event.details)["details"]
            assert details == {"old_key": key.hex(), "new_key": newer}

    def test_without_a_rotation_there_is_nothing_to_announce(self, key: bytes) -> None:
        with pytest.raises(CommandError, match="one key only"):
            told("announce")
