"""Each event once, in one transaction, with a verdict."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audit.errors import EventsRefused, UnknownEnvironment
from audit.models import Event, Pending, Submission
from audit.record import Origin, SubmittedEvent, Verdict, ensure_environment, record_events
from audit.record.evidence.parts import Parts, make_leaf_hash
from audit.record.submitted import Actor, Change, Resource, Workspace
from tests.clock import began

pytestmark = pytest.mark.django_db


def an_hour_ago() -> str:
    return (began() - timedelta(hours=1)).isoformat()


@pytest.fixture
def origin() -> Origin:
    ensure_environment("prod")
    return Origin(environment="prod", sender_id=1, sender="billing", key_id=1)


def record(origin: Origin, *events: SubmittedEvent) -> tuple[Verdict, ...]:
    return record_events(events, origin=origin, received_at=began()).verdicts


def event(**members: object) -> SubmittedEvent:
    return SubmittedEvent(**({"type": "X", "id": "1", "time": an_hour_ago()} | members))  # type: ignore[arg-type]


class TestRecordEvents:
    def test_records_an_event_with_its_receipt(self, origin: Origin) -> None:
        receipt = record_events([event()], origin=origin, received_at=began())
        (verdict,) = receipt.verdicts
        assert verdict.status == "recorded"
        submission = Submission.objects.get(id=receipt.submission_id)
        assert submission.event_ids == [verdict.id]
        assert bytes(submission.leaf_hashes[0]) == verdict.leaf_hash
        assert Pending.objects.get().submission_id == receipt.submission_id

    def test_takes_a_retry_for_a_duplicate_with_the_first_receipt(self, origin: Origin) -> None:
        (first,) = record(origin, event())
        (again,) = record(origin, event())
        assert again.status == "duplicate"
        assert (again.id, again.leaf_hash) == (first.id, first.leaf_hash)
        assert Event.objects.count() == 1

    @pytest.mark.parametrize("known", [[0], [7], [299], [*range(100, 103)], [*range(300)]])
    def test_finds_the_few_of_many_that_are_there(self, origin: Origin, known: list[int]) -> None:
        many = [
            event(id=f"e{n}", time=f"2026-03-05T09:{n // 60:02}:{n % 60:02}Z") for n in range(300)
        ]
        first = record(origin, *(many[n] for n in known))
        verdicts = record(origin, *many)
        statuses = [verdict.status for verdict in verdicts]
        assert [n for n in range(300) if statuses[n] == "duplicate"] == known
        assert statuses.count("recorded") == 300 - len(known)
        assert [verdicts[n].leaf_hash for n in known] == [verdict.leaf_hash for verdict in first]
        assert Event.objects.count() == 300

    def test_takes_another_offset_for_the_same_time(self, origin: Origin) -> None:
        record(origin, event(time="2026-03-05T09:00:00+01:00"))
        (again,) = record(origin, event(time="2026-03-05T08:00:00Z"))
        assert again.status == "duplicate"

    def test_tells_another_content_as_a_conflict_and_keeps_the_first(self, origin: Origin) -> None:
        record(origin, event(actor=Actor(id="ann")))
        (verdict,) = record(origin, event(actor=Actor(id="ben")))
        assert verdict.status == "conflict"
        assert [problem.pointer for problem in verdict.problems] == ["/id"]
        assert Event.objects.get().actor_id == "ann"

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param({"outcome": "denied"}, id="head"),
            pytest.param({"actor": Actor(id="a")}, id="personal"),
            pytest.param({"changes": (Change(field="n", old=1, new=2),)}, id="details"),
        ],
    )
    def test_compares_every_part(self, origin: Origin, other: dict[str, object]) -> None:
        record(origin, event())
        assert record(origin, event(**other))[0].status == "conflict"

    @pytest.mark.parametrize(
        ("members", "keyword", "status"),
        [
            pytest.param({"id": "taken"}, "on_conflict", "conflict", id="conflict"),
            pytest.param({"time": "yesterday"}, "on_rejection", "rejected", id="rejection"),
        ],
    )
    def test_raises_a_refusal_on_demand_and_stores_nothing(
        self, origin: Origin, members: dict[str, object], keyword: Any, status: str
    ) -> None:
        record(origin, event(id="taken", outcome="denied"))
        events = [event(id="good"), event(**members)]
        with pytest.raises(EventsRefused, match=f"event 1 \\({status}\\): /") as caught:
            record_events(events, origin=origin, received_at=began(), **{keyword: "raise"})
        (refused,) = caught.value.refused
        assert (refused.index, refused.status) == (1, status)
        assert refused.problems
        assert Event.objects.count() == 1

    def test_raises_no_duplicate_and_nothing_that_it_was_not_asked_to(self, origin: Origin) -> None:
        record(origin, event())
        for keyword, others in {
            "on_conflict": [event(), event(id="2", time="yesterday")],
            "on_rejection": [event(), event(outcome="denied")],
        }.items():
            asked: Any = {keyword: "raise"}
            receipt = record_events(others, origin=origin, received_at=began(), **asked)
            assert receipt.verdicts[0].status == "duplicate"

    def test_says_how_a_refusal_can_be_told(self, origin: Origin) -> None:
        asked: Any = {"on_conflict": "Raise"}
        with pytest.raises(ValueError, match="'tell' or 'raise'"):
            record_events([event()], origin=origin, received_at=began(), **asked)

    def test_finds_doubles_within_one_submission(self, origin: Origin) -> None:
        verdicts = record(origin, event(), event(), event(outcome="denied"))
        assert [v.status for v in verdicts] == ["recorded", "duplicate", "conflict"]

    def test_keeps_senders_and_times_apart(self, origin: Origin) -> None:
        other = Origin(environment="prod", sender_id=2, sender="crm", key_id=2)
        record(origin, event())
        assert record(other, event())[0].status == "recorded"
        later = (began() - timedelta(minutes=1)).isoformat()
        assert record(origin, event(time=later))[0].status == "recorded"

    def test_records_an_event_without_an_id_as_new_each_time(self, origin: Origin) -> None:
        for _ in range(2):
            assert record(origin, event(id=None))[0].status == "recorded"

    def test_remembers_an_id_without_a_time(self, origin: Origin) -> None:
        (first,) = record(origin, event(time=None))
        later = began() + timedelta(hours=5)
        (again,) = record_events([event(time=None)], origin=origin, received_at=later).verdicts
        assert (again.status, again.id) == ("duplicate", first.id)

    @pytest.mark.parametrize(
        ("members", "pointer"),
        [
            pytest.param({"type": ""}, "/type", id="empty type"),
            pytest.param({"type": "AUDIT_ERASURE"}, "/type", id="the log's own type"),
            pytest.param({"id": "x" * 129}, "/id", id="long id"),
            pytest.param({"time": "yesterday"}, "/time", id="no time"),
            pytest.param({"time": "1999-12-31T23:59:59Z"}, "/time", id="too old"),
            pytest.param({"time": "2999-01-01T00:00:00Z"}, "/time", id="too far ahead"),
            pytest.param({"actor": Actor(id="a\0b")}, "/actor/id", id="NUL"),
            pytest.param({"actor": Actor(id="a" * 257)}, "/actor/id", id="long actor"),
            pytest.param({"actor": Actor(name="a" * 1001)}, "/actor/name", id="long name"),
            pytest.param({"sequence": 2**63}, "/sequence", id="large sequence"),
        ],
    )
    def test_rejects_what_breaks_a_rule(
        self, origin: Origin, members: dict[str, object], pointer: str
    ) -> None:
        bad, good = record(origin, event(**members), event(id="good"))
        assert bad.status == "rejected"
        assert bad.problems[0].pointer == pointer
        assert good.status == "recorded"

    def test_fills_in_the_workspace_of_a_bound_key_and_holds_to_it(self, origin: Origin) -> None:
        bound = Origin(environment="prod", sender_id=1, key_id=1, workspace="sales")
        record(bound, event())
        assert Event.objects.get().workspace_id == "sales"
        (verdict,) = record(bound, event(id="2", workspace=Workspace(id="ops")))
        assert verdict.problems[0].pointer == "/workspace/id"

    def test_makes_the_month_that_is_missing(self, origin: Origin) -> None:
        ahead = began() + timedelta(days=150)
        (verdict,) = record_events(
            [event(time=ahead.isoformat())], origin=origin, received_at=ahead
        ).verdicts
        assert verdict.status == "recorded"

    def test_names_an_environment_that_has_no_log(self) -> None:
        with pytest.raises(UnknownEnvironment):
            record(Origin(environment="nowhere"), event())

    def test_divides_persons_from_the_rest(self, origin: Origin) -> None:
        targets = (Resource(type="user", id="u1", name="Ann"), Resource(type="group", id="g1"))
        record(origin, event(actor=Actor(id="ben", email="ben@example.com"), targets=targets))
        row = Event.objects.get()
        for name in ("ben", "Ann"):
            assert name in row.personal
            assert name not in row.head + row.details
        assert "g1" in row.details

    def test_stores_no_secret_but_where_it_was(self, origin: Origin) -> None:
        receipt = record_events(
            [event(details={"sent": {"Cookie": "S3CR3T", "Host": "a"}})],
            origin=origin,
            received_at=began(),
        )
        row = Event.objects.get()
        assert row.details == '{"details":{"sent":{"Cookie":"[redacted]","Host":"a"}}}'
        assert row.redacted == ["/details/sent/Cookie"]
        salts = bytes(row.head_salt + row.personal_salt + row.details_salt)
        parts = Parts(*(text.encode() for text in (row.head, row.personal, row.details)))
        assert receipt.verdicts[0].leaf_hash == make_leaf_hash(row.id.bytes, parts, salts)

    def test_compares_events_as_they_are_without_their_secrets(self, origin: Origin) -> None:
        def attempt(**details: str) -> str:
            return record(origin, event(details=details))[0].status

        assert attempt(password="one", user="ann") == "recorded"
        assert attempt(password="two", user="ann") == "duplicate"
        assert attempt(password="two", user="ben") == "conflict"
