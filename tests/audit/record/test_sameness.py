"""An event that is sent again when rules have changed is the same, and another one isn't."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from audit.record import Origin, SubmittedEvent, record_events
from audit.record.evidence.parts import Parts, make_content, make_head
from audit.record.sameness import StoredParts, is_same
from tests.factories import EnvironmentFactory

ORIGIN = Origin(environment="prod", sender_id=1, sender="billing")
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
BASE: dict[str, Any] = {
    "type": "ROW_UPDATE",
    "id": "1",
    "time": "2026-03-05T08:00:00Z",
    "workspace": {"id": "w", "name": "Sales"},
    "actor": {"id": "ann", "name": "Ann"},
    "application": {"id": "a", "gid": "g", "name": "Orders"},
    "resource": {"type": "row", "id": "7", "name": "Seven"},
    "targets": [{"type": "user", "id": "ben"}, {"type": "queue", "id": "q"}],
    "context": {"ip": "192.0.2.7", "request_id": "r"},
    "changes": [{"field": "f", "old": 1.10, "new": None}],
    "details": {"pepper": "x1", "note": "sent pepper x1 to Ann", "list": [1, {"a": "b"}]},
}


def event(**members: Any) -> SubmittedEvent:
    return msgspec.convert({**BASE, **members}, SubmittedEvent)


def parts_of(event: SubmittedEvent, event_id: str) -> Parts:
    head = make_head(event, event_id=event_id, origin=ORIGIN, received_at="")
    return Parts(head, *make_content(event))


def same(now: SubmittedEvent, before: SubmittedEvent, *erased: str) -> bool:
    """Is what is sent now what was stored before, some of whose parts are gone?"""
    ours, theirs = (parts_of(one, number) for one, number in ((now, "1"), (before, "2")))
    kept = {
        name: None if name in erased else text.decode() for name, text in theirs._asdict().items()
    }
    return is_same(ours, StoredParts(**kept))


MASKED = event(
    resource={"type": "row", "id": "7", "name": "[redacted]"},
    changes=[{"field": "f", "old": "[redacted]", "new": None}],
    details={
        "[redacted]": "x1",
        "note": "sent pepper [redacted] to [redacted]",
        "list": [1, "[redacted]"],
    },
)
OTHERS = [
    pytest.param({"details": {**BASE["details"], "note": "sent salt x1 to Ann"}}, id="other words"),
    pytest.param({"details": {**BASE["details"], "more": 1}}, id="a member more"),
    pytest.param({"details": {"note": "sent pepper x1 to Ann"}}, id="members less"),
    pytest.param({"details": {**BASE["details"], "list": [1]}}, id="a shorter list"),
    pytest.param({"actor": {"id": "ben", "name": "Ann"}}, id="another actor"),
    pytest.param({"resource": {"type": "row", "id": "8", "name": "Seven"}}, id="another thing"),
    pytest.param({"application": {"id": "b", "gid": "g", "name": "Orders"}}, id="another app"),
    pytest.param({"workspace": {"id": "v", "name": "Sales"}}, id="another workspace"),
    pytest.param({"targets": [{"type": "queue", "id": "q"}]}, id="one target less"),
    pytest.param({"outcome": "failure"}, id="another outcome"),
]


class TestIsSame:
    def test_whichever_of_the_two_is_masked(self) -> None:
        assert same(event(), MASKED)
        assert same(MASKED, event())

    @pytest.mark.parametrize("members", OTHERS)
    def test_is_no_other_event(self, members: dict[str, Any]) -> None:
        assert not same(event(**members), event())
        assert not same(event(**members), MASKED)

    @pytest.mark.parametrize("erased", ["head", "personal", "details"])
    def test_holds_nothing_erased_against_it(self, erased: str) -> None:
        assert same(event(), event(), erased)
        assert same(event(), MASKED, erased)

    def test_tells_another_from_what_is_left(self) -> None:
        other = event(details={**BASE["details"], "note": "no"}, actor={"id": "ben"})
        assert not same(other, event(), "personal")
        assert not same(other, event(), "details")

    def test_however_it_was_divided(self) -> None:
        with patch("audit.vocabulary.person_types.PERSON_TYPES", frozenset({"row", "queue"})):
            ours = parts_of(event(), "1")
        assert b'"row"' in ours.personal
        theirs = parts_of(event(), "2")
        kept = StoredParts(
            head=theirs.head.decode(),
            personal=theirs.personal.decode(),
            details=theirs.details.decode(),
        )
        assert is_same(ours, kept)

    @given(st.text(), st.text(), st.text())
    def test_a_mask_stands_for_any_text(self, before: str, secret: str, after: str) -> None:
        masked = event(details={"a": f"{before}[redacted]{after}"})
        assert same(event(details={"a": f"{before}{secret}{after}"}), masked)
        assert same(masked, event(details={"a": f"{before}{secret}{after}"}))

    def test_a_decimal_is_its_digits(self) -> None:
        ours = parts_of(event(), "1")
        details = ours.details.decode()
        head, personal = ours.head.decode(), "{}"
        assert not is_same(
            ours, StoredParts(head=head, personal=personal, details=details.replace("1.1", "1.10"))
        )


@pytest.mark.django_db
class TestRecordEvents:
    def record(self, **members: Any) -> str:
        (verdict,) = record_events([event(**members)], origin=ORIGIN, received_at=NOW).verdicts
        return verdict.status

    def test_takes_it_for_a_duplicate_when_more_is_masked_or_less(
        self, settings: LazySettings
    ) -> None:
        EnvironmentFactory()
        given = settings.AUDIT
        rule = {"names": ["pepper"], "patterns": ["(?<=pepper )x[0-9]"]}
        assert self.record(id="plain first") == "recorded"
        settings.AUDIT = {**given, "REDACT": rule}
        assert self.record(id="plain first") == "duplicate"
        assert self.record(id="masked first") == "recorded"
        settings.AUDIT = given
        assert self.record(id="masked first") == "duplicate"
        assert self.record(id="masked first", details={"pepper": "x1"}) == "conflict"
        assert self.record(id="plain first", actor={"id": "ben"}) == "conflict"
