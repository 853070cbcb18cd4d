"""Keeps every checkpoint that was ever fetched, and holds what is stored against all of them."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import psycopg

from audit.tlog.checkpoints import parse_checkpoint
from audit.tlog.tiles import TILE_WIDTH, Tile, split_tile
from audit.tlog.tree import Frontier
from config.postgres.logins import DATABASE, conninfo, read_logins
from tests.acceptance.installation import ROOT, Installation

from .senders import Senders

ENVIRONMENT = "prod"
POLL_SECONDS = 0.2
DRAIN_SECONDS = 120.0


def connect(installation: Installation) -> psycopg.Connection[Any]:
    """Return a connection of the database's superuser."""
    logins = read_logins(installation.directory / "data")
    assert logins is not None
    return psycopg.connect(conninfo(logins, "owner", DATABASE), autocommit=True, connect_timeout=5)


def is_database_there(installation: Installation) -> bool:
    try:
        connect(installation).close()
    except psycopg.Error:
        return False
    return True


class Checkpoints:
    """Fetches the newest checkpoint time and again. roots: all that were seen of each size."""

    def __init__(self, installation: Installation) -> None:
        self.roots: dict[int, set[bytes]] = {}
        self._address = f"{installation.address}/log/{ENVIRONMENT}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def fetch(self, client: httpx.Client) -> int:
        """Fetch the newest one and return its size; 0 where none can be had."""
        try:
            answer = client.get(f"{self._address}/checkpoint")
        except httpx.TransportError:
            return 0
        if answer.status_code != 200:
            return 0
        _, checkpoint = parse_checkpoint(answer.content)
        self.roots.setdefault(checkpoint.size, set()).add(checkpoint.root)
        return checkpoint.size

    def leaf_hashes(self, client: httpx.Client, size: int) -> list[bytes]:
        """Return all leaf hashes of a tree of one size, from its tiles."""
        found: list[bytes] = []
        for start in range(0, size, TILE_WIDTH):
            tile = Tile(0, start // TILE_WIDTH, min(TILE_WIDTH, size - start))
            found += split_tile(
                client.get(f"{self._address}/{tile.path}").raise_for_status().content
            )
        return found

    def wrong(self, leaves: list[bytes]) -> list[str]:
        """Say which checkpoints are no beginning of the tree over these leaf hashes."""
        found, frontier = [], Frontier()
        roots = dict(self.roots)  # one more may be fetched meanwhile
        for size in sorted(roots):
            if size > len(leaves):
                found.append(f"a checkpoint of {size}, and there are {len(leaves)} leaves")
                continue
            for hash_ in leaves[frontier.size : size]:
                frontier.append(hash_)
            if roots[size] != {frontier.root()}:
                found.append(f"the checkpoint of {size} is no beginning of the log")
        return found

    def _run(self) -> None:
        with httpx.Client(timeout=5) as client:
            while not self._stop.wait(POLL_SECONDS):
                self.fetch(client)


def find_wrong(installation: Installation, senders: Senders, checkpoints: Checkpoints) -> list[str]:
    """Return what is wrong, now that nothing is sent: nothing, or sentences."""
    with connect(installation) as connection, httpx.Client(timeout=30) as client:
        installation.wait(lambda: _is_sealed(connection, checkpoints.fetch(client)), DRAIN_SECONDS)
        size = max(checkpoints.roots)
        leaves = checkpoints.leaf_hashes(client, size)
        found = senders.wrong + checkpoints.wrong(leaves)
        found += _wrong_events(connection, senders.acknowledged, leaves)
    verified = _run(installation, "manage.py", "verify", "--all", "--deep")
    if verified.returncode:
        found.append(f"verify: {verified.stdout[-500:]} {verified.stderr[-500:]}")
    return found


def export_and_verify(installation: Installation, path: Path, key: str) -> list[str]:
    """Export the log, or go on with it, and have it verified as a stranger would."""
    made = _run(
        installation, "manage.py", "evidence", "export", "--environment", ENVIRONMENT, str(path)
    )
    if made.returncode:
        return [f"export: {made.stderr[-500:]}"]
    verified = _run(installation, "-m", "audit.tlog.verify", str(path), "--key", key)
    return [f"export: {verified.stdout[-500:]}"] if verified.returncode else []


def _is_sealed(connection: psycopg.Connection[Any], size: int) -> bool:
    row = connection.execute(
        "SELECT h.size, h.tree_size, (SELECT count(*) FROM audit_pending p"
        " WHERE p.environment = e.id) FROM audit_environment e"
        " JOIN audit_loghead h ON h.environment = e.id WHERE e.key = %s",
        [ENVIRONMENT],
    ).fetchone()
    return row == (size, size, 0)


def _wrong_events(
    connection: psycopg.Connection[Any],
    acknowledged: dict[str, tuple[str, str]],
    leaves: list[bytes],
) -> list[str]:
    """Hold receipts and rows against what was acknowledged, and against the published leaves."""
    found = []
    stored = connection.execute(
        "SELECT p.first + u.place - 1, u.id::text, u.hash FROM audit_environment e"
        " JOIN audit_position p ON p.environment = e.id"
        " JOIN audit_submission s ON s.id = p.submission_id,"
        " unnest(s.event_ids, s.leaf_hashes) WITH ORDINALITY AS u (id, hash, place)"
        " WHERE e.key = %s ORDER BY 1",
        [ENVIRONMENT],
    ).fetchall()
    if [position for position, _, _ in stored] != list(range(len(leaves))):
        found.append(f"positions of {len(stored)} events have gaps, in a log of {len(leaves)}")
    if [bytes(hash_) for _, _, hash_ in stored] != leaves:
        found.append("the leaf hashes of the receipts are not those that are published")
    sealed = {id_: bytes(hash_).hex() for _, id_, hash_ in stored}
    if len(sealed) != len(stored):
        found.append(f"{len(stored) - len(sealed)} events have two positions")
    rows = connection.execute(
        "SELECT v.head::json->>'submitted_id', v.id::text FROM audit_event v"
        " JOIN audit_environment e ON e.id = v.environment WHERE e.key = %s",
        [ENVIRONMENT],
    ).fetchall()
    if len(rows) != len(stored) or {id_ for _, id_ in rows} != sealed.keys():
        found.append(f"{len(rows)} events are stored, and {len(stored)} have a position")
    ids = {sent: id_ for sent, id_ in rows if sent is not None}
    if len(ids) != len(rows):
        found.append(f"{len(rows) - len(ids)} events were recorded twice")
    lost = [sent for sent, (id_, _) in acknowledged.items() if ids.get(sent) != id_]
    changed = [sent for sent, (id_, leaf) in acknowledged.items() if sealed.get(id_) != leaf]
    for what, which in (("lost", lost), ("sealed as another", changed)):
        if which:
            found.append(f"{len(which)} acknowledged events are {what}: {which[:5]}")
    return found


def _run(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
