"""Keys: two live for rotation, bound, expiring, revoked everywhere within seconds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from environments import resolve
from environments.directory import create_environment
from environments.errors import EnvironmentNotFound, InvalidEnvironment, KeyNotFound, TooManyKeys
from environments.keys import create_ingest_key, revoke_ingest_key
from environments.models import IngestKey
from environments.resolve import resolve_ingest_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def prod() -> None:
    create_environment(key="prod", name="Prod", colour="#c2410c", position=3)


def make(**given: object) -> tuple[IngestKey, str]:
    wanted = {"environment": "prod", "sender": "billing", "now": timezone.now(), **given}
    return create_ingest_key(**wanted)  # type: ignore[arg-type]


@pytest.mark.usefixtures("prod")
class TestCreateIngestKey:
    def test_stores_nothing_that_a_token_can_be_made_from(self) -> None:
        key, token = make()
        stored = IngestKey.objects.filter(pk=key.pk).values_list().get()
        assert token not in [str(value) for value in stored]
        assert token[4:-4] not in str(stored)

    def test_lets_two_live_for_rotation_and_no_third(self) -> None:
        make()
        make()
        with pytest.raises(TooManyKeys, match="revoke one first"):
            make()

    def test_counts_only_live_ones(self) -> None:
        old, _ = make()
        make()
        revoke_ingest_key(str(old.pk), now=timezone.now())
        make()

    def test_names_the_nearest_environment(self) -> None:
        with pytest.raises(EnvironmentNotFound, match="did you mean 'prod'"):
            make(environment="prd")


@pytest.mark.usefixtures("prod")
class TestResolveIngestKey:
    def test_says_for_whom_the_key_speaks(self) -> None:
        key, token = make(workspace="w1")
        found = resolve_ingest_key(token, ip_address="192.0.2.1")
        assert found is not None
        assert (found.environment, found.sender, found.key_id, found.workspace) == (
            "prod",
            "billing",
            key.pk,
            "w1",
        )

    def test_notes_the_use_to_the_minute_and_from_where(self) -> None:
        key, token = make()
        resolve_ingest_key(token, ip_address="192.0.2.1")
        key.refresh_from_db()
        assert key.last_used_from == "192.0.2.1"
        assert key.last_used_at is not None
        assert (key.last_used_at.second, key.last_used_at.microsecond) == (0, 0)

    def test_refuses_an_expired_key_also_where_it_is_remembered(self) -> None:
        key, token = make(expires_in_days=1)
        assert resolve_ingest_key(token, ip_address=None) is not None
        IngestKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
        resolve.clear_cache()
        assert resolve_ingest_key(token, ip_address=None) is None

    def test_refuses_a_revoked_key_once_what_is_remembered_is_old(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key, token = make()
        assert resolve_ingest_key(token, ip_address=None) is not None
        revoke_ingest_key(key.hint, now=timezone.now())
        later = resolve.time.monotonic() + 5
        monkeypatch.setattr(resolve.time, "monotonic", lambda: later)
        assert resolve_ingest_key(token, ip_address=None) is None

    def test_refuses_a_token_that_was_never_given(self) -> None:
        _, token = make()
        IngestKey.objects.all().delete()
        assert resolve_ingest_key(token, ip_address=None) is None


@pytest.mark.usefixtures("prod")
class TestRevokeIngestKey:
    def test_names_what_it_cant_find(self) -> None:
        with pytest.raises(KeyNotFound, match="'sli_…zzzz'"):
            revoke_ingest_key("sli_…zzzz", now=timezone.now() + timedelta(days=1))


class TestCreateEnvironment:
    @pytest.mark.parametrize(
        ("key", "colour"),
        [("Prod", "#c2410c"), ("-a", "#c2410c"), ("a", "red"), ("a" * 33, "#c2410c")],
    )
    def test_refuses_what_can_be_no_key_or_colour(self, key: str, colour: str) -> None:
        with pytest.raises(InvalidEnvironment):
            create_environment(key=key, name="x", colour=colour, position=1)
