"""A stranger who reads the log over HTTP can rebuild its tree, and check each event's proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from accounts.tokens import create_read_token
from audit.seal.log_keys import make_key as make_log_key
from audit.seal.sealer import Sealer
from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.hashes import leaf_hash
from audit.tlog.leaves import split_leaf
from audit.tlog.notes import make_key, signers
from audit.tlog.proof_text import check_proof, parse_proof
from audit.tlog.tiles import ENTRIES, Tile, TileTree, split_tile, tiles_of
from audit.tlog.tree import range_hash
from environments.models import Environment
from tests.factories import PersonFactory

Get = Callable[[str], Any]


@pytest.fixture
def key(settings: Any, tmp_path: Path) -> bytes:
    settings.AUDIT = {**settings.AUDIT, "SIGNING_KEY_FILE": tmp_path / "key.pem"}
    made = make_log_key(using="default", now=timezone.now())
    return made.public_key().public_bytes_raw()


@pytest.fixture
def seal(key: bytes) -> Callable[[], None]:
    seconds = iter(range(0, 100, 2))
    return lambda: (
        Sealer(using="default").seal(now=timezone.now() + timedelta(seconds=next(seconds))) and None
    )


def client_of(user: User) -> Get:
    _, token = create_read_token(user=user, now=timezone.now())
    return lambda path: Client().get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def read() -> Get:
    return client_of(PersonFactory(username="auditor", auditor=True))


class TestLog:
    def test_can_be_rebuilt_from_what_is_served(
        self, post: Any, read: Get, seal: Callable[[], None], key: bytes
    ) -> None:
        leaves: list[bytes] = []
        for count in (1, 299, 300):
            told = post([{"type": "USER_LOGIN"}] * count).json()
            leaves += [bytes.fromhex(event["leaf"]) for event in told["events"]]
            seal()
        answer = read("/log/prod/checkpoint")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        note, checkpoint = parse_checkpoint(answer.content)
        assert checkpoint.size == 600
        own = make_key(checkpoint.origin, key)
        assert signers(note, [own]) == (own,)

        def fetch(tile: Tile) -> bytes:
            served = read(f"/log/prod/{tile.path}")
            assert served.status_code == 200
            assert served["Content-Type"] == "application/octet-stream"
            assert "immutable" in served["Cache-Control"]
            assert "private" in served["Cache-Control"]
            return bytes(served.content)

        tree = TileTree(600, fetch)
        assert range_hash(tree.subtree, 0, 600) == checkpoint.root
        assert [tree.subtree(0, position) for position in range(600)] == leaves
        for tile in tiles_of(600):
            if tile.level == 0:
                bundle = fetch(Tile(ENTRIES, tile.index, tile.width))
                entries = [bundle[at + 2 : at + 115] for at in range(0, len(bundle), 115)]
                assert [leaf_hash(entry) for entry in entries] == split_tile(fetch(tile))
                assert all(split_leaf(entry) for entry in entries)

    def test_serves_no_tile_that_no_checkpoint_covers(
        self, post: Any, read: Get, seal: Callable[[], None]
    ) -> None:
        post([{"type": "USER_LOGIN"}] * 3)
        seal()
        for path, status in (
            ("tile/0/000.p/3", 200),
            ("tile/0/000.p/2", 200),
            ("tile/0/000.p/4", 404),
            ("tile/0/000", 404),
            ("tile/1/000", 404),
            ("tile/1/000.p/1", 404),
            ("tile/entries/000.p/3", 200),
            ("tile/entries/000.p/4", 404),
            ("tile/0/0", 404),
            ("tile/64/000.p/1", 404),
            ("tile/0/x999/x999/x999/x999/999", 404),
            ("tile/0/" + "x999/" * 40 + "999", 404),
            ("tile/0/000.p/0", 404),
            ("latest", 404),
        ):
            assert read(f"/log/prod/{path}").status_code == status, path

    def test_has_nothing_before_something_is_signed(self, post: Any, read: Get) -> None:
        post([{"type": "USER_LOGIN"}])
        assert read("/log/prod/checkpoint").status_code == 404
        assert read("/log/nowhere/checkpoint").status_code == 404


class TestWhoMay:
    @pytest.fixture(autouse=True)
    def sealed(self, post: Any, seal: Callable[[], None]) -> None:
        post([{"type": "USER_LOGIN"}])
        seal()

    @pytest.mark.parametrize("path", ["checkpoint", "tile/0/000.p/1"])
    def test_read_it(self, path: str, settings: Any) -> None:
        whole, part = (User.objects.create_user(name) for name in ("whole", "part"))
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=whole, environment=prod)
        Grant.objects.create(role="auditor", user=part, environment=prod, workspace_id="w1")
        path = f"/log/prod/{path}"
        assert client_of(whole)(path).status_code == 200
        assert client_of(part)(path).status_code == 404
        assert Client().get(path).status_code == 401
        settings.AUDIT = {**settings.AUDIT, "LOG_IS_PUBLIC": True}
        answer = Client().get(path)
        assert answer.status_code == 200
        assert "private" not in answer["Cache-Control"]
        settings.AUDIT = {**settings.AUDIT, "LOG_IS_PUBLIC": False}
        del settings.AUDIT["MAY"]
        settings.AUDIT = dict(settings.AUDIT)
        assert client_of(whole)(path).status_code == 404


class TestProof:
    def test_of_every_event_leads_to_the_checkpoint(
        self, post: Any, read: Get, seal: Callable[[], None]
    ) -> None:
        told = [*post([{"type": "USER_LOGIN"}] * 300).json()["events"]]
        seal()
        told += post([{"type": "USER_LOGIN"}]).json()["events"]
        seal()
        for index in (0, 1, 255, 256, 299, 300):
            answer = read(f"/api/v1/events/{told[index]['id']}/proof")
            assert answer.status_code == 200
            proof = parse_proof(answer.content)
            assert proof.checkpoint.size == 301
            assert proof.index == index
            check_proof(proof, bytes.fromhex(told[index]["leaf"]))

    def test_comes_with_the_signature(self, post: Any, read: Get, seal: Callable[[], None]) -> None:
        path = f"/api/v1/events/{post({'type': 'USER_LOGIN'}).json()['events'][0]['id']}/proof"
        early = read(path)
        assert early.status_code == 404
        assert early.json()["type"] == "urn:audit:problem:not-signed"
        assert early["Retry-After"] == "1"
        seal()
        assert read(path).status_code == 200
        assert read(path + "?x=1").status_code == 400

    def test_is_for_whoever_sees_the_event(
        self, post: Any, read: Get, seal: Callable[[], None]
    ) -> None:
        event = {"type": "USER_LOGIN", "workspace": {"id": "w2"}}
        path = f"/api/v1/events/{post(event).json()['events'][0]['id']}/proof"
        seal()
        part = User.objects.create_user("part")
        prod = Environment.objects.get(key="prod")
        Grant.objects.create(role="auditor", user=part, environment=prod, workspace_id="w1")
        assert client_of(part)(path).status_code == 404
        Grant.objects.create(role="auditor", user=part, environment=prod, workspace_id="w2")
        assert client_of(part)(path).status_code == 200
