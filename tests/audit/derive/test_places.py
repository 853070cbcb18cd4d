"""Do events lie where the present location file says, and is evidence left alone?"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.derive import places
from audit.log.partitions import ensure_environment
from audit.models.event import Event
from audit.record import Origin, SubmittedEvent, record_events
from audit.record.submitted import Context
from tests.location_files import ACME, LYON, OSLO, write_location_file

pytestmark = pytest.mark.django_db

OLD, NEW = 1_600_000_000, 1_700_000_000
NETWORK = "81.2.69.0/24"
LOSING = ("--accept-losses",)
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def use(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Put a location file in use."""

    def put(
        records: dict[str, Any], *, epoch: int, asn: Path | str = "", paths: Sequence[Path] = ()
    ) -> None:
        path = ":".join(map(str, paths)) or write_location_file(
            tmp_path / f"{epoch}.mmdb", records, build_epoch=epoch
        )
        settings.AUDIT = {
            **settings.AUDIT,
            "GEOIP_CITY_PATH": str(path),
            "GEOIP_ASN_PATH": str(asn),
        }

    return put


@pytest.fixture
def stored(use: Callable[..., None]) -> Event:
    """One event that the old file placed in Lyon."""
    use({NETWORK: LYON}, epoch=OLD)
    record("81.2.69.142")
    event = Event.objects.get()
    assert event.city == "Lyon"
    return event


def record(*addresses: str) -> None:
    ensure_environment("prod")
    record_events(
        [SubmittedEvent(type="USER_LOGIN", context=Context(ip=address)) for address in addresses],
        origin=Origin(environment="prod"),
        received_at=NOW,
    )


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("relocate", *arguments, stdout=out)
    return out.getvalue()


class TestRelocate:
    def test_moves_the_event_where_the_new_file_says(
        self, stored: Event, use: Callable[..., None]
    ) -> None:
        use({NETWORK: OSLO}, epoch=NEW)
        assert "1 events looked up, 1 got another place; 0 of these lost" in run()
        event = Event.objects.get()
        assert (event.city, event.region, event.radius_km) == ("Oslo", None, 5)
        assert str(event.place_build) == "2023-11-14"

    def test_takes_a_place_away_that_the_new_file_does_not_know(
        self, stored: Event, use: Callable[..., None]
    ) -> None:
        record("10.0.0.1", "81.2.70.1")
        use({"81.2.70.0/24": OSLO}, epoch=NEW)
        assert "3 events looked up, 2 got another place; 1 of these lost" in run(*LOSING)
        event = Event.objects.get(ip="81.2.69.142")
        assert (event.city, event.country, event.place_kind, event.latitude) == (None,) * 4

    @pytest.mark.parametrize(
        "records",
        [
            pytest.param({"1.0.0.0/24": OSLO}, id="a file of other addresses"),
            pytest.param({"2a02:cf40::/29": OSLO}, id="a file of IPv6 alone"),
        ],
    )
    def test_refuses_a_file_by_which_most_events_lose_their_place(
        self, stored: Event, use: Callable[..., None], records: dict[str, Any]
    ) -> None:
        record("81.2.69.143", "10.0.0.1")
        use(records, epoch=NEW)
        with pytest.raises(CommandError, match="2 of 2 events that have a place would lose it"):
            run()
        assert Event.objects.filter(city="Lyon").count() == 2
        assert "2 of these would lose the place they had" in run("--dry-run")

    def test_moves_what_a_file_of_the_version_placed_that_was_replaced(
        self, stored: Event, use: Callable[..., None], tmp_path: Path
    ) -> None:
        """That of IPv6 has the date that the replaced one of IPv4 had."""
        ipv6 = write_location_file(tmp_path / "6", {"2a02:cf40::/29": OSLO}, build_epoch=OLD)
        ipv4 = write_location_file(tmp_path / "4", {NETWORK: OSLO}, ip_version=4, build_epoch=NEW)
        use({}, epoch=NEW, paths=(ipv4, ipv6))
        assert "1 events looked up, 1 got another place" in run()
        assert Event.objects.get().city == "Oslo"

    def test_leaves_evidence_alone(self, stored: Event, use: Callable[..., None]) -> None:
        use({NETWORK: OSLO}, epoch=NEW)
        run()
        event = Event.objects.get()
        for part in ("head", "personal", "details", "head_salt", "personal_salt", "details_salt"):
            assert getattr(event, part) == getattr(stored, part)
        assert event.ip == stored.ip

    def test_a_dry_run_moves_nothing(self, stored: Event, use: Callable[..., None]) -> None:
        use({NETWORK: OSLO}, epoch=NEW)
        assert "1 would get another place; 0 of these would lose" in run("--dry-run")
        assert Event.objects.get().city == "Lyon"

    def test_passes_by_what_the_present_file_placed(self, stored: Event) -> None:
        assert "0 events looked up" in run()

    def test_looks_at_all_when_the_file_of_networks_was_replaced(
        self, stored: Event, use: Callable[..., None], tmp_path: Path
    ) -> None:
        owners = write_location_file(
            tmp_path / "asn.mmdb", {"81.2.0.0/16": ACME}, database_type="Test-ASN"
        )
        use({NETWORK: LYON}, epoch=OLD, asn=owners)
        assert "1 events looked up, 1 got another place; 0 of these lost" in run("--all")
        assert Event.objects.get().organisation == "Acme Networks"

    def test_moves_only_the_months_that_are_asked_for(
        self, stored: Event, use: Callable[..., None]
    ) -> None:
        use({NETWORK: OSLO}, epoch=NEW)
        assert "0 events looked up" in run("--to", "2026-02")
        assert "1 events looked up" in run("--from", "2026-03")

    def test_goes_batch_by_batch(
        self, stored: Event, use: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record("81.2.69.1", "81.2.69.2", "10.0.0.1", "not an address")
        use({NETWORK: OSLO}, epoch=NEW)
        monkeypatch.setattr(places, "EVENTS_A_BATCH", 2)
        assert "4 events looked up, 3 got another place; 0 of these lost" in run()

    def test_without_a_file_it_takes_no_place_away(self, stored: Event, settings: Any) -> None:
        settings.AUDIT = {**settings.AUDIT, "GEOIP_CITY_PATH": ""}
        with pytest.raises(CommandError, match="no location database"):
            run()
        assert Event.objects.get().city == "Lyon"


class TestWhoWasWhere:
    def test_is_asked_by_the_actors_index(self, stored: Event) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT id, latitude, longitude FROM audit_event"
                " WHERE actor_hash = 1 AND actor_id = 'ann' AND latitude IS NOT NULL"
                " AND environment = 1 ORDER BY id"
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Index Cond: ((actor_hash = 1) AND (environment = 1))" in plan
        assert "Sort" not in plan
