"""How far an event has come in its log is told with it: recorded, sealed, signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from audit.log.times import format_time
from audit.models import Checkpoint
from audit.seal.log_keys import make_key
from audit.seal.sealer import Sealer

Seal = Callable[..., None]


@pytest.fixture
def seal(settings: Any, tmp_path: Path) -> Seal:
    """Seals, and signs where there is a key."""

    def _seal(*, signed: bool, after: int = 0) -> None:
        if signed and not Checkpoint.objects.exists():
            settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
            make_key(using="default", now=timezone.now())
        Sealer(using="default").seal(now=timezone.now() + timedelta(seconds=after))

    return _seal


def states(get: Any, path: str) -> dict[str, str]:
    return {one["submitted_id"]: one["seal"]["state"] for one in get(path).json()["results"]}


class TestSeal:
    def test_goes_from_recorded_to_sealed_to_signed(self, post: Any, get: Any, seal: Seal) -> None:
        (told,) = post({"type": "X", "id": "a"}).json()["events"]
        assert told["state"] == "recorded"
        path = f"events/{told['id']}"
        assert get(path).json()["seal"] == {"state": "recorded", "checkpoint": None}
        seal(signed=False)
        assert get(path).json()["seal"] == {"state": "sealed", "checkpoint": None}
        seal(signed=True)
        kept = Checkpoint.objects.get()
        assert get(path).json()["seal"] == {
            "state": "signed",
            "checkpoint": {"size": kept.size, "signed_at": format_time(kept.signed_at)},
        }

    def test_is_the_event_s_own_in_a_list(self, post: Any, get: Any, seal: Seal) -> None:
        post({"type": "X", "id": "first"})
        seal(signed=True)
        post({"type": "X", "id": "second"})
        seal(signed=True, after=2)
        post({"type": "X", "id": "third"})
        first, second = Checkpoint.objects.order_by("size")
        told = {
            one["submitted_id"]: one["seal"]
            for one in get("events?fields=submitted_id,seal").json()["results"]
        }
        assert told["first"]["checkpoint"]["size"] == first.size
        assert told["second"]["checkpoint"]["size"] == second.size
        assert told["third"] == {"state": "recorded", "checkpoint": None}

    def test_is_there_while_the_log_is_followed(self, post: Any, get: Any, seal: Seal) -> None:
        post({"type": "X", "id": "a"})
        seal(signed=True)
        assert states(get, "events?order=recorded&fields=submitted_id,seal") == {"a": "signed"}

    def test_is_read_once_for_a_page_and_not_where_it_is_left_out(
        self, post: Any, get: Any, seal: Seal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post([{"type": "X", "id": str(number)} for number in range(9)])
        seal(signed=True)
        plain, said = psycopg.Cursor.execute, list[str]()

        def noting(self: Any, query: Any, *args: Any, **named: Any) -> Any:
            said.append(str(query))
            return plain(self, query, *args, **named)

        monkeypatch.setattr(psycopg.Cursor, "execute", noting)
        for fields, times in (("", 0), ("?fields=id,type", 0), ("?fields=id,seal", 1)):
            said.clear()
            assert len(get(f"events{fields}").json()["results"]) == 9
            assert len([one for one in said if "audit_checkpoint" in one]) == times

    def test_leaves_an_answer_that_is_given_again_as_it_was(self, post: Any, seal: Seal) -> None:
        key = {"Idempotency-Key": "order-17"}
        first = post({"type": "X", "id": "a"}, **key)
        seal(signed=True)
        again = post({"type": "X", "id": "a"}, **key)
        assert again["Idempotency-Replayed"] == "true"
        assert again.content == first.content
