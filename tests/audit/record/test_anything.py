"""Whatever JSON is handed in, it is recorded exactly, or refused with a word."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.ingest.json.decode import NotReadable, Refusal, decode_json
from audit.models import Event
from audit.record import Origin, SubmittedEvent, check_events, ensure_environment, record_checked

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
ORIGIN = Origin(environment="prod", sender_id=1, sender="tests", key_id=1)
VALUES: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)
MEMBERS = st.sampled_from(SubmittedEvent.__struct_fields__)
DOCUMENTS = (
    VALUES
    | st.dictionaries(MEMBERS, VALUES, max_size=4)
    | st.fixed_dictionaries({"type": st.text(max_size=200)}, optional={"details": VALUES})
)


def numbers_as_text(text: str | bytes) -> Any:
    """Read JSON with every number as the digits that it was written in."""
    return json.loads(text, parse_float=str, parse_int=str)


@pytest.mark.django_db
class TestAnything:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(document=DOCUMENTS, is_list=st.booleans())
    def test_is_recorded_exactly_or_refused_with_a_word(self, document: Any, is_list: bool) -> None:
        ensure_environment("prod")
        body = json.dumps([document] if is_list else document).encode()
        try:
            decoded = list(decode_json(body))
        except NotReadable as error:
            assert document == []
            assert str(error)
            return
        for event in decoded:
            if isinstance(event, Refusal):
                assert all(problem.message for problem in event.problems)
                continue
            (verdict,) = record_checked(
                check_events([event], origin=ORIGIN, received_at=NOW)
            ).verdicts
            if verdict.status == "rejected":
                assert verdict.problems
                continue
            stored = Event.objects.get(id=verdict.id)
            sent = numbers_as_text(body)
            (sent,) = sent if isinstance(sent, list) else (sent,)
            kept = numbers_as_text(stored.details or "").get("details", {})
            private = numbers_as_text(stored.personal or "").get("details", {})
            if not stored.redacted:
                assert kept | private == (sent.get("details") or {})
            assert numbers_as_text(stored.head or "")["type"] == sent["type"]
