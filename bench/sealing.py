"""What do positions, leaves and proofs cost? `python -m bench.sealing` seals a log and asks."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter, process_time
from typing import Any

import msgspec
import psycopg
from tqdm import tqdm

from .bodies import ENVIRONMENT
from .databases import call, scratch
from .figure import Figure
from .run import Result, Run
from .sealing_load import measure_load

SCRATCH = "bench_sealing"
# Events a receipt → the environment whose log it is measured in.
CATCH_UP = {100: "prod", 1_000: "staging"}
VERIFIED = "dev"
PROOFS = 200
A_REQUEST = 500
SIZES = (1, 100)
TABLES = ("audit_submission", "audit_position", "audit_tilehash", "audit_checkpoint")
SALT_BYTES = 3 * (16 + 1)


def measure(run: Run) -> Result:
    """Measure in a database of its own."""
    receipts, events = run.pick((5_000, 500), (200_000, 20_000), (1_000_000, 50_000))
    key_file = run.directory / "sealing_key.pem"
    key_file.unlink(missing_ok=True)
    with scratch(run.installation, SCRATCH) as variables:
        variables |= {"AUDIT_SIGNING_KEY_FILE": str(key_file)}
        access = call("bench.access", variables)
        call("bench.sealing", variables, "key")
        beside = measure_load(run, SCRATCH, variables, access["keys"][ENVIRONMENT])
        found = call("bench.sealing", variables, str(receipts), str(events))
    return Result(
        figures=[
            *beside,
            *(
                Figure(name=name, unit=unit, values=values, is_more_better=unit == "events/s")
                for name, unit, values in found
            ),
        ]
    )


def make_log_key() -> None:
    """Make the key that signs, in the database of the settings."""
    from audit.seal.log_keys import make_key

    make_key(using="worker", now=datetime.now(UTC))


def main(receipts: int, events: int) -> list[tuple[str, str, list[float]]]:
    """Return (what, unit, values), measured with so many events in receipts, and recorded ones."""
    found = list(_catching_up(receipts))
    found += _proving(receipts)
    found += _verifying(events)
    found += _bytes()
    return found


def _catching_up(events: int) -> Iterator[tuple[str, str, list[float]]]:
    from audit.log.registry import environment_number
    from audit.seal.sealer import Sealer

    cursor = _cursor()
    for size, key in tqdm(CATCH_UP.items(), desc="sealing", disable=None):
        environment = environment_number(cursor, key)
        _make_receipts(environment, events // size, size)
        sealer, wall, cpu = Sealer(using="worker"), perf_counter(), process_time()
        while sealer.seal(now=datetime.now(UTC)).leaves:
            pass
        taken = perf_counter() - wall, process_time() - cpu
        name = f"catching up with {events:,} events sealed, receipts of {size:,}"
        yield name, "events/s", [events / taken[0]]
        name = f"… by its process's own processor time, receipts of {size:,}"
        yield name, "events/s", [events / taken[1]]


def _make_receipts(environment: int, count: int, size: int) -> None:
    """Have receipts as recording leaves them; their events themselves are not read by sealing."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO audit_submission (environment, received_at, event_ids,"
            " leaf_hashes) SELECT %s, now(), array_agg(gen_random_uuid()),"
            " array_agg(sha256(convert_to(random()::text, 'UTF8')))"
            " FROM generate_series(1, %s) r, generate_series(1, %s) e GROUP BY r"
            " RETURNING id, environment)"
            " INSERT INTO audit_pending (submission_id, environment) SELECT id, environment"
            " FROM made",
            [environment, count, size],
        )
        cursor.execute("ANALYZE audit_submission, audit_pending")


def _proving(events: int) -> Iterator[tuple[str, str, list[float]]]:
    """Prove events at positions of chance, under the first checkpoint over a fifth of the log and
    under the newest: the values are of each, so that their median counts.
    """
    from audit.log.registry import environment_number
    from audit.seal.published import Published, prove_event
    from audit.tlog.checkpoints import parse_checkpoint

    cursor = _cursor()
    environment, chance = environment_number(cursor, CATCH_UP[100]), random.Random(1)
    for least in (events // 5, events):
        cursor.execute(
            "SELECT epoch, note FROM audit_checkpoint WHERE environment = %s AND size >= %s"
            " ORDER BY size LIMIT 1",
            [environment, least],
        )
        row = cursor.fetchone()
        assert row is not None  # signed above
        note, checkpoint = parse_checkpoint(row[1].encode())
        published = Published(
            environment=environment, epoch=row[0], note=note, checkpoint=checkpoint
        )
        times = []
        for _ in range(PROOFS):
            position = chance.randrange(checkpoint.size)
            began = perf_counter()
            prove_event(cursor, published, position)
            times.append((perf_counter() - began) * 1_000)
        yield f"the proof of an event among {checkpoint.size:,} of a log", "ms", times


def _verifying(events: int) -> Iterator[tuple[str, str, list[float]]]:
    from audit.seal.sealer import Sealer
    from audit.verify.log import read_log, verify_span

    _record(events)
    sealer = Sealer(using="worker")
    while sealer.seal(now=datetime.now(UTC)).leaves:
        pass
    cursor, wrong = _cursor(), []
    log = read_log(cursor, VERIFIED)
    assert log is not None  # sealed above
    wall, cpu = perf_counter(), process_time()
    count = verify_span(cursor, log, 0, log.size, report=wrong.append)
    taken = perf_counter() - wall, process_time() - cpu
    if wrong or count != events:
        raise RuntimeError(f"{count:,} events were verified, {len(wrong):,} of them are wrong.")
    yield f"{count:,} events verified", "events/s", [count / taken[0]]
    yield "… by its process's own processor time", "events/s", [count / taken[1]]


def _record(events: int) -> None:
    from audit.ingest.json.decode import native
    from audit.record import Origin, prepare_months, record_events

    from .dataset import documents, year_before

    start = year_before(datetime.now(UTC))
    prepare_months(start.date(), datetime.now(UTC).date())
    made = [
        native(document)
        for _, document in documents(
            events, seed=1, start=start, days=300, prefix="s", has_rare=False
        )
    ]
    origin = Origin(environment=VERIFIED, sender_id=1, sender="bench", ip_address="127.0.0.1")
    for at in tqdm(range(0, events, A_REQUEST), desc="recording", disable=None):
        record_events(made[at : at + A_REQUEST], origin=origin, received_at=datetime.now(UTC))


def _bytes() -> Iterator[tuple[str, str, list[float]]]:
    """What a receipt's rows, indexes and tiles take for each event, salts of its row counted in."""
    from django.db import connections

    from audit.log.registry import environment_number

    number = environment_number(_cursor(), VERIFIED)
    with connections["owner"].cursor() as cursor:
        for size in SIZES:
            # Past the guards, as only a superuser can be: the login itself, not the role it took.
            cursor.execute("RESET ROLE")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {', '.join(TABLES)}, audit_loghead, audit_pending")
            cursor.execute("SET session_replication_role = origin")
            _make_receipts(number, 20_000 // size, size)
            _seal_all()
            cursor.execute(
                "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) name",
                [list(TABLES)],
            )
            taken = float(cursor.fetchone()[0]) / 20_000
            words = "a single event" if size == 1 else f"batches of {size}"
            yield f"receipts, salts and tiles, {words}", "bytes", [taken + SALT_BYTES]


def _seal_all() -> None:
    from audit.seal.sealer import Sealer

    sealer = Sealer(using="worker")
    while sealer.seal(now=datetime.now(UTC)).receipts:
        pass


def _cursor() -> psycopg.Cursor[Any]:
    from audit.log.cursor import psycopg_cursor

    return psycopg_cursor("worker")


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:] == ["key"]:
        sys.stdout.write(msgspec.json.encode(make_log_key()).decode())
    else:
        sys.stdout.write(msgspec.json.encode(main(*map(int, sys.argv[1:]))).decode())
