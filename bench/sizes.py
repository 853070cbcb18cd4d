"""What does an event take on disk, and where?"""

from __future__ import annotations

from .figure import Figure
from .run import Result, Run

LEAF = r"^audit_event_(\d{6}|before)_\d+$"
TARGET_LEAF = r"^audit_event_target_(\d{6}|before)_\d+$"
RECEIPTS = ("audit_submission", "audit_position", "audit_pending")
PROOF = ("audit_tilehash", "audit_checkpoint")
DERIVED = {
    "counts by hour and day": ("audit_rolluphour", "audit_rollupday"),
    "counts by user, app and resource": ("audit_subjectcount",),
    "days of values": ("audit_valuedays",),
}


def measure(run: Run) -> Result:
    """Divide what tables and indexes take by all events that have a place in the log."""
    with run.installation.connect() as connection:

        def one(statement: str, *params: object) -> float:
            row = connection.execute(statement, params).fetchone()
            return float(row[0] or 0) if row else 0.0

        total = one("SELECT sum(size) FROM audit_loghead")

        def bytes_of(what: str, where: str, *params: object) -> float:
            size = one(
                f"SELECT sum(pg_{what}_size(c.oid)) FROM pg_class c"  # noqa: S608 (conditions of the bench itself)
                f" WHERE c.relkind = 'r' AND {where}",
                *params,
            )
            return size / total

        named = "c.relname = ANY(%s)"
        derived = [name for names in DERIVED.values() for name in names]
        everything = one(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^(bench_|ordinary_)'"
        )
        parts = {
            "… the row": bytes_of("table", "c.relname ~ %s", LEAF),
            "… its indexes": bytes_of("indexes", "c.relname ~ %s", LEAF),
            "… targets": bytes_of("total_relation", "c.relname ~ %s", TARGET_LEAF),
            "… receipts and positions": bytes_of("total_relation", named, list(RECEIPTS)),
        }
        event = sum(parts.values())
        parts |= {
            f"besides: {word}": bytes_of("total_relation", named, list(names))
            for word, names in DERIVED.items()
        }
        counted = bytes_of("total_relation", named, derived)
        proof = bytes_of("total_relation", named, list(PROOF))
        parts["besides: tiles and checkpoints"] = proof
        side = everything / total - event - proof
        parts["besides: names of users and apps, all else"] = side - counted
    return Result(
        figures=[
            Figure(
                name="bytes an event on disk, indexes and receipts in, 340-byte details",
                unit="bytes",
                values=[event],
                reference="as planned",
                references=[900.0],
                is_more_better=False,
                floor=1,
                aim=0.83,
                value_floor=900,
                value_aim=750,
            ),
            *(
                Figure(name=name, unit="bytes", values=[size], is_more_better=False)
                for name, size in parts.items()
            ),
            Figure(
                name="side tables: counts, days of values, names, all else",
                unit="bytes",
                values=[side],
                is_more_better=False,
                value_floor=110,
                value_aim=60,
            ),
        ]
    )
