"""Long answers, whichever route gives them, go through the same few slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.exceptions import Throttled

import audit
from accounts.models import User
from audit.rest.streams import RETRY_SECONDS, Stream

DOWNLOADS = ("events/export?format=csv", "rejected/download")


@pytest.fixture
def begin(settings: LazySettings) -> Iterator[Any]:
    """Begin a download of somebody's that nobody reads; three fit in a process."""
    settings.AUDIT = {**settings.AUDIT, "MAX_STREAMS": 3}
    with ExitStack() as stack:

        def begin(person: Any) -> Stream:
            stream = Stream(lambda: iter([b"x"]), person=person, may_go_on=lambda: True)
            stack.callback(stream.close)
            return stream

        yield begin


class TestStream:
    def test_leaves_one_slot_to_others(self, begin: Any) -> None:
        begin("ann")
        begin("ann")
        with pytest.raises(Throttled, match="2 downloads of yours"):
            begin("ann")
        begin("ben")
        with pytest.raises(Throttled, match="3 downloads are running"):
            begin("carl")

    def test_gives_its_slot_back_once(self, begin: Any) -> None:
        first, _ = begin("ann"), begin("ann")
        first.close()
        first.close()
        begin("ann")
        with pytest.raises(Throttled):
            begin("ann")

    def test_gives_it_back_when_it_fails_to_begin(self, begin: Any) -> None:
        for _ in range(4):
            with pytest.raises(ZeroDivisionError):
                Stream(lambda: iter([b"x" * (1 // 0)]), person="ann", may_go_on=lambda: True)
        begin("ann")

    def test_of_nothing_is_an_empty_answer(self, begin: Any) -> None:
        stream = Stream(lambda: iter(()), person="ann", may_go_on=lambda: True)
        assert b"".join(stream) == b""
        stream.close()

    def test_of_which_only_one_fits_is_anybodys(self, settings: LazySettings, begin: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "MAX_STREAMS": 1}
        begin("ann")
        with pytest.raises(Throttled):
            begin("ben")


class TestDownloads:
    @pytest.mark.parametrize("path", DOWNLOADS)
    def test_wait_where_the_slots_are_taken(self, get: Any, begin: Any, path: str) -> None:
        running = [begin("ann"), begin("ann"), begin("ben")]
        refused = get(path)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= RETRY_SECONDS
        for stream in running:
            stream.close()
        answer = get(path)
        assert answer.status_code == 200
        answer.getvalue()

    @pytest.mark.parametrize("path", DOWNLOADS)
    def test_are_so_many_for_one_person(self, get: Any, begin: Any, path: str) -> None:
        admin = User.objects.get(username="admin").pk
        begin(admin), begin(admin)
        assert get(path).status_code == 429

    def test_are_made_in_one_place(self) -> None:
        """An answer that streams past the slots could hold a thread for as long as it is read."""
        root = Path(audit.__file__).parent.parent
        made = {
            str(file.relative_to(root))
            for room in ("accounts", "audit", "config", "environments")
            for file in (root / room).rglob("*.py")
            if re.search(r"\b(StreamingHttpResponse|FileResponse)\($", file.read_text(), re.M)
            or re.search(r"\b(StreamingHttpResponse|FileResponse)\(\S", file.read_text())
        }
        assert made == {"audit/rest/streams.py"}
