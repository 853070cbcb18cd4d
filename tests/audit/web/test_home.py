"""The first page: what needs eyes, or how to send the first event."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Grant, User
from audit.contracts import EMPTY_SCOPE, SenderInfo
from audit.query.attention import Activity, Refused
from audit.web.home.page import activity_rows, sender_rows
from audit.web.home.system_facts import bytes_words, system_facts
from audit.web.parts.labels import Environments
from audit.web.saved_views.found import save_view
from audit.worker.health import Disk
from audit.worker.maintenance.leaves import MaintenanceState
from audit.worker.progress import Progress
from environments.models import Environment, IngestKey
from tests.audit.query.recorded import KEYS, event, record, work
from tests.clock import began
from tests.factories import EnvironmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def admin() -> User:
    return PersonFactory(superuser=True)


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def _company() -> None:
    for key in KEYS:
        EnvironmentFactory(key=key, is_production=key == "prod")
    orders = {"application": ("p1", "g1", "Orders"), "actor": "ann", "workspace": "sales"}
    record(
        "prod",
        [
            event("APPLICATION_DELETE", began() - HOUR, **orders),
            event("APPLICATION_DELETE", began() - 40 * HOUR, **orders),
            event("APPLICATION_UPDATE", began() - 2 * HOUR, **(orders | {"actor": "dee"})),
            event("DATA_SOURCE_PERMISSION_GRANT", began() - 3 * HOUR, actor="ben"),
        ],
        now=began(),
    )
    work()


def words(html: str, title: str) -> str:
    """The panel under a title, as one text."""
    body = re.search(rf'aria-labelledby="{title}-title">(.*?)</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body[1]).split()) if body else ""


@pytest.mark.usefixtures("_company")
class TestHome:
    def test_tells_what_needs_eyes(self, client: Client) -> None:
        html = client.get("/").content.decode()
        deleted = words(html, "deletions")
        assert "2 in 7 days · 1 in 24 h" in deleted
        assert deleted.count("Ann deleted app Orders") == 2
        assert "1 in 24 h" in words(html, "permissions")
        assert "Orders edited by Dee" in words(html, "direct")
        assert "Prod 3 – no week before" in words(html, "activity")
        assert "Worker away" in words(html, "system")

    def test_tells_direct_changes_in_production_wherever_it_stands(self, client: Client) -> None:
        EnvironmentFactory(key="qa", name="QA")
        record("qa", [event("APPLICATION_UPDATE", began() - HOUR, application="q1")], now=began())
        told = words(client.get("/").content.decode(), "direct")
        assert told.startswith("Changed in Prod directly")
        assert told.count("edited by") == 1
        Environment.objects.filter(key="staging").update(is_production=True)
        told = words(client.get("/").content.decode(), "direct")
        assert told.startswith("Changed in production directly")

    def test_says_that_no_environment_is_production(self, client: Client) -> None:
        Environment.objects.update(is_production=False)
        told = words(client.get("/").content.decode(), "direct")
        assert told.endswith("directly can't be told.")

    def test_keeps_the_system_to_those_who_administer(self) -> None:
        client = Client()
        client.force_login(PersonFactory(username="ann", auditor=True))
        html = client.get("/").content.decode()
        assert words(html, "deletions")
        assert not words(html, "system")

    def test_keeps_to_the_scope(self) -> None:
        ben = User.objects.create_user("ben")
        environment = EnvironmentFactory()
        Grant.objects.create(
            role="auditor", user=ben, environment=environment, workspace_id="sales"
        )
        client = Client()
        client.force_login(ben)
        html = client.get("/").content.decode()
        assert "2 in 7 days" in words(html, "deletions")
        assert "0 in 7 days" in words(html, "permissions")
        assert not words(html, "senders")

    def test_shows_pinned_views(self, client: Client, admin: User) -> None:
        save_view(admin, scope=EMPTY_SCOPE, name="Mine", address="/events/?type=A", is_pinned=True)
        html = client.get("/").content.decode()
        assert re.search(r'href="/events/\?type=A"><bdi>Mine', html)


class TestFirstEvent:
    def test_offers_a_key_and_shows_it_once(self, client: Client) -> None:
        assert "Make a key" in client.get("/").content.decode()
        html = client.post("/first-key/", {"environment": "prod"}).content.decode()
        (token,) = re.findall(r'<code id="token">([^<]+)</code>', html)
        assert f"Bearer {token}" in html
        event = {"type": "USER_LOGIN", "actor": {"id": "ann"}}
        answer = client.post(
            "/api/v1/events",
            event,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 201
        assert "The last 24 hours" in client.get("/").content.decode()

    def test_says_why_a_key_is_refused(self, client: Client) -> None:
        answer = client.post("/first-key/", {"environment": "Not a key!"})
        assert answer.status_code == 400
        assert "lower-case letters" in answer.content.decode()
        for _ in range(2):
            assert client.post("/first-key/", {"environment": "prod"}).status_code == 200
        answer = client.post("/first-key/", {"environment": "prod"})
        assert answer.status_code == 400
        assert "2 live keys" in answer.content.decode()

    def test_makes_no_key_for_others(self) -> None:
        client = Client()
        client.force_login(PersonFactory(username="ann", auditor=True))
        assert "Make a key" not in client.get("/").content.decode()
        assert client.post("/first-key/", {"environment": "prod"}).status_code == 403
        assert client.get("/first-key/").status_code == 405
        assert not IngestKey.objects.exists()


class TestActivityRows:
    @pytest.mark.parametrize(
        ("count", "usual", "expected"),
        [
            (100, 100.0, ("as usual", False)),
            (130, 100.0, ("+30 %", False)),
            (70, 100.0, ("−30 %", False)),
            (310, 100.0, ("3.1 × the usual", True)),
            (20, 100.0, ("−80 %", True)),
            (0, 100.0, ("silent", True)),
            (3, 1.0, ("3.0 × the usual", False)),
            (50, 0.0, ("usually nothing", True)),
            (5, None, ("no week before to compare with", False)),
            (0, None, ("nothing yet", False)),
        ],
    )
    def test_compare_with_the_usual(
        self, count: int, usual: float | None, expected: tuple[str, bool]
    ) -> None:
        one = Activity(environment="prod", count=count, usual=usual)
        (row,) = activity_rows([one], [], environments=Environments([]), now=began())
        assert (row.words, row.is_odd) == expected


class TestSenderRows:
    @pytest.mark.parametrize(
        ("made", "used", "refused", "words"),
        [
            (100 * HOUR, 2 * HOUR, {}, None),
            (100 * HOUR, 51 * HOUR, {}, "silent for 2 d 3 h"),
            (100 * HOUR, None, {}, "has never sent"),
            (HOUR / 2, None, {5: Refused(count=1, is_capped=False)}, None),
            (100 * HOUR, HOUR, {4: Refused(count=7, is_capped=False)}, "7 events refused in 24 h"),
            (100 * HOUR, HOUR, {4: Refused(count=7, is_capped=True)}, "7+ events refused in 24 h"),
        ],
    )
    def test_tell_of_what_is_wrong(
        self,
        made: timedelta,
        used: timedelta | None,
        refused: dict[int, Refused],
        words: str | None,
    ) -> None:
        last = began() - used if used else None
        sender = SenderInfo(
            id=4, name="lowcoder", environment="prod", made_at=began() - made, last_used_at=last
        )
        found = sender_rows([sender], refused, environments=Environments([]), now=began())
        assert [row.words for row in found.rows] == ([words] if words else [])


class TestSystemFacts:
    def test_tell_what_is_wrong(self) -> None:
        progress = Progress(is_alive=False, without_position=20_000, without_rollup=3)
        disk = Disk(free_bytes=2**20, all_bytes=2**40)
        state = MaintenanceState(rebuilt_at=None, remaining=1, problem="no-room")
        facts = system_facts(progress, disk, 3 * 2**29, state, zone=BERLIN)
        assert [(fact.words, fact.is_wrong) for fact in facts] == [
            ("away: counts and proofs stand still", True),
            ("20\u202f000 receipts", True),
            ("1.5 GiB", False),
            ("1.0 MiB free of 1.0 TiB", True),
            ("1 partition waits; the disk has no room for it", True),
        ]

    @pytest.mark.parametrize(
        ("rebuilt_at", "remaining", "words"),
        [
            (None, 0, "none yet"),
            (datetime(2026, 10, 2, 23, tzinfo=UTC), 0, "rebuilt 2026-10-03"),
            (datetime(2026, 10, 2, 12, tzinfo=UTC), 9, "rebuilt 2026-10-02; 9 partitions wait"),
        ],
    )
    def test_say_what_maintenance_did_and_what_remains(
        self, rebuilt_at: datetime | None, remaining: int, words: str
    ) -> None:
        state = MaintenanceState(rebuilt_at=rebuilt_at, remaining=remaining, problem="")
        progress = Progress(is_alive=True, without_position=0, without_rollup=0)
        disk = Disk(free_bytes=2**40, all_bytes=2**40)
        last = system_facts(progress, disk, 0, state, zone=BERLIN)[-1]
        assert (last.words, last.is_wrong) == (words, False)

    @pytest.mark.parametrize(
        ("count", "words"), [(0, "0 B"), (1536, "1.5 KiB"), (2**33, "8.0 GiB")]
    )
    def test_say_bytes_in_words(self, count: int, words: str) -> None:
        assert bytes_words(count) == words
