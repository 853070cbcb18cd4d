"""The proof of an event on its page: how far it has come, and what verifying it now finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Environment
from audit.record import SubmittedEvent
from audit.seal.log_keys import make_key
from audit.seal.positions import give_positions
from audit.seal.sealer import Sealer
from tests.guards import past_the_guards


@pytest.fixture
def recorded(record: Callable[..., list[str]], settings: Any, tmp_path: Path) -> str:
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    return record([SubmittedEvent(type="USER_LOGIN") for _ in range(3)])[0]


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestBadge:
    def test_goes_from_recorded_to_sealed_to_signed(
        self, browse: Callable[..., Any], recorded: str
    ) -> None:
        path, proof = f"/events/{recorded}/", f"/api/v1/events/{recorded}/proof"
        text = text_of(browse(path))
        assert "recorded, not yet sealed" in text
        give_positions(Environment.objects.get(key="prod").id, using="default")
        assert "recorded, not yet sealed" in text_of(browse(path))
        Sealer(using="default").seal(now=timezone.now())
        text = text_of(browse(path))
        assert "sealed at position 0" in text
        assert proof not in text
        make_key(using="default", now=timezone.now())
        Sealer(using="default").seal(now=timezone.now())
        text = text_of(browse(path))
        assert 'signed <time datetime="' in text
        assert proof in text
        assert browse(proof).status_code == 200


class TestVerifyNow:
    def test_shows_what_each_step_found(self, browse: Callable[..., Any], recorded: str) -> None:
        make_key(using="default", now=timezone.now())
        Sealer(using="default").seal(now=timezone.now())
        path = f"/events/{recorded}/?part=verification"
        text = text_of(browse(path))
        assert text.count("✓") == 5
        assert "<html" not in text
        with past_the_guards() as cursor:
            cursor.execute("UPDATE audit_event SET details = details || ' '")
        text = text_of(browse(path))
        assert (text.count("✓"), text.count("✗")) == (2, 3)
        assert "is not what was committed to" in text

    def test_of_what_is_not_there_is_not_found(self, browse: Callable[..., Any]) -> None:
        path = "/events/00000000-0000-0000-0000-000000000001/?part=verification"
        assert browse(path).status_code == 404
