"""The kinds of faults, each done once; only processes of the installation are killed, by pid."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.acceptance.installation import ROOT, Installation

from .senders import Senders
from .volume import filled
from .watched import ENVIRONMENT, connect, export_and_verify, is_database_there

WEB, WORKER, POSTGRES = r"config\.server", r"manage\.py worker", r"bin/postgres "
DISK_FULL = "disk full"
BACK_SECONDS = 60.0
HELD_SECONDS = 2.0
# Until a sender was refused: what is recorded first fits into pages that are there.
MOST_FULL_SECONDS = 60.0
LOSING_SECONDS = 2.0
# Until one was in all the same, however slow the machine is.
MOST_LOSING_SECONDS = 30.0
SEALING_SECONDS = 2.0
LONG_SECONDS = 60.0
_SEAL = """
import time
from django.utils import timezone
from audit.seal.sealer import Sealer
print("sealing", flush=True)
sealer, end = Sealer(using="worker"), time.monotonic() + {seconds}
while time.monotonic() < end:
    sealer.seal(now=timezone.now())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """What a fault is done to. key: that verifies exports; wrong: what a fault itself found"""

    installation: Installation
    senders: Senders
    chance: random.Random
    directory: Path
    key: str
    wrong: list[str]


def kill_web(under: Under) -> int:
    return _kill(under, WEB)


def kill_worker(under: Under) -> int:
    return _kill(under, WORKER)


def kill_postgres(under: Under) -> int:
    return _kill(under, POSTGRES)


def kill_sealer(under: Under) -> int:
    """One that seals beside the worker, without a pause, is killed while it is at it."""
    sealer = _manage(under, "shell", "-c", _SEAL.format(seconds=LONG_SECONDS))
    assert sealer.stdout is not None
    has_begun = b"sealing\n" in iter(sealer.stdout.readline, b"")  # after what the shell says
    time.sleep(under.chance.uniform(0.1, 1))
    was_at_it = has_begun and sealer.poll() is None
    sealer.kill()
    sealer.communicate()
    return int(was_at_it)


def two_workers(under: Under) -> int:
    """A second worker waits, takes over where the first one is killed, and is killed, too."""
    second = _manage(under, "worker")
    try:
        time.sleep(under.chance.uniform(1, 3))
        killed = _kill(under, WORKER)
        time.sleep(under.chance.uniform(0.5, 2))
    finally:
        second.kill()
        second.communicate()
    return killed


def two_sealers(under: Under) -> int:
    """Another one seals beside the worker, not asking whose turn it is."""
    other = _manage(under, "shell", "-c", _SEAL.format(seconds=SEALING_SECONDS))
    _, said = other.communicate()
    if other.returncode:
        under.wrong.append(f"two sealers: {said.decode()[-500:]}")
    return 1


def lose_answers(under: Under) -> int:
    """Senders give up before they have the answer; counts those that were in all the same."""
    before = under.senders.answers_lost
    under.senders.losing.set()
    time.sleep(LOSING_SECONDS)
    give_up = time.monotonic() + MOST_LOSING_SECONDS
    while under.senders.answers_lost == before and time.monotonic() < give_up:
        time.sleep(0.1)
    under.senders.losing.clear()
    return under.senders.answers_lost - before


def interrupt_export(under: Under) -> int:
    """An export is killed when it has begun, and gone on with by the same command."""
    path = under.directory / f"export-{time.monotonic_ns()}"
    process = _manage(under, "evidence", "export", "--environment", ENVIRONMENT, str(path))
    part = path.with_name(path.name + ".part")
    while process.poll() is None and not part.exists():
        time.sleep(0.002)
    time.sleep(under.chance.uniform(0, 0.1))
    process.kill()
    process.communicate()
    was_interrupted = not path.exists()
    if was_interrupted:
        under.wrong.extend(export_and_verify(under.installation, path, under.key))
    return int(was_interrupted)


def hold_lock(under: Under) -> int:
    with suppress(psycopg.OperationalError), connect(under.installation) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT FROM audit_loghead FOR UPDATE")
        time.sleep(HELD_SECONDS)
        connection.execute("ROLLBACK")
        return 1
    return 0


def take_connections(under: Under) -> int:
    """Nobody gets a new connection for a while."""
    taken = []
    try:
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(connect(under.installation))
        # Who is connected is cut off and has to come again, which it can't.
        for connection in taken[:1]:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                " current_database() AND usename <> current_user"
            )
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(connect(under.installation))
        time.sleep(HELD_SECONDS)
    finally:
        for connection in taken:
            connection.close()
    return 1 if taken else 0


def lose_month(under: Under) -> int:
    """A month that holds nothing is dropped while the worker is away, which makes it anew."""
    now = datetime.now(UTC)
    month = f"{now.year + now.month // 12}{now.month % 12 + 1:02}"
    with connect(under.installation) as connection:
        with connection.transaction():
            for table in ("audit_event_target", "audit_event"):
                connection.execute(f"DROP TABLE {table}_{month}".encode())
            _kill(under, WORKER)
        _wait(under, lambda: _has_table(connection, f"audit_event_target_{month}"))
    return 1


def fill_disk(under: Under) -> int:
    """No byte is free where the data lie, until senders were refused; then there is room again."""
    before = under.senders.sent_again
    with filled(under.installation.directory / "data"):
        give_up = time.monotonic() + MOST_FULL_SECONDS
        while under.senders.sent_again == before and time.monotonic() < give_up:
            time.sleep(0.1)
        time.sleep(HELD_SECONDS)
    return int(under.senders.sent_again > before)


def flip_byte(under: Under) -> int:
    """One byte of an event that is sealed is another; it is named, and put back."""
    column = under.chance.choice(("head", "details"))
    with connect(under.installation) as connection:
        connection.execute("SET session_replication_role = replica")
        row = connection.execute(
            f"SELECT v.id::text, v.{column} FROM audit_event v"
            " JOIN audit_environment e ON e.id = v.environment"
            " JOIN audit_position p ON p.submission_id = v.submission_id"
            " WHERE e.key = %s ORDER BY random() LIMIT 1".encode(),
            [ENVIRONMENT],
        ).fetchone()
        assert row is not None
        id_, text = row
        at = under.chance.randrange(len(text))
        other = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]
        change = f"UPDATE audit_event SET {column} = %s WHERE id = %s".encode()
        connection.execute(change, [other, id_])
        try:
            said, _ = _manage(under, "verify", "--environment", ENVIRONMENT, "--all").communicate()
        finally:
            connection.execute(change, [text, id_])
    if not any(id_ in line and f", {column}:" in line for line in said.decode().splitlines()):
        under.wrong.append(f"{column} of {id_} was changed at {at}, and not named: {said[-500:]!r}")
    return 1


KINDS: Mapping[str, Callable[[Under], int]] = {
    "web killed": kill_web,
    "worker killed": kill_worker,
    "sealer killed": kill_sealer,
    "PostgreSQL killed": kill_postgres,
    "two workers, the first one killed": two_workers,
    "two sealers at once": two_sealers,
    "commit done, answer lost": lose_answers,
    "export interrupted, gone on with": interrupt_export,
    "lock held on the log's head": hold_lock,
    "no connection left": take_connections,
    "month missing, worker away": lose_month,
    "a byte changed, named, put back": flip_byte,
    DISK_FULL: fill_disk,
}
# What a round may do more than once.
KILLS = ("web killed", "worker killed", "sealer killed", "PostgreSQL killed")


def do(kind: str, under: Under) -> int:
    """Do a fault where the database is up; return how many times it was."""
    _wait(under, lambda: is_database_there(under.installation))
    time.sleep(under.chance.uniform(0, 0.5))
    done = KINDS[kind](under)
    time.sleep(under.chance.uniform(0, 0.5))
    return done


def _kill(under: Under, pattern: str) -> int:
    _wait(under, lambda: bool(under.installation.children(pattern)))
    victim = under.chance.choice(under.installation.children(pattern))
    os.kill(victim, signal.SIGKILL)
    return 1


def _manage(under: Under, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env=under.installation.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _has_table(connection: psycopg.Connection[object], name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name]).fetchone()
    return row == (True,)


def _wait(under: Under, is_so: Callable[[], bool]) -> None:
    under.installation.wait(is_so, BACK_SECONDS)
