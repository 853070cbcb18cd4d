"""Verifies an export of evidence: `python -m audit.tlog.verify EXPORT --key 'name+hash+key'`.

Exit status: 0 verified, 1 refused, 2 unusable. Needs Python and `cryptography`, nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from .archive import open_archive
from .checking import Verified, check_export
from .errors import BadKey, Refused, Unusable
from .trust import Trust, parse_log_key, parse_witness

_ANNOUNCE_SECONDS = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the arguments name, say what was found, and return the exit status."""
    given = _parser().parse_args(arguments)
    try:
        trust = Trust(
            keys=[parse_log_key(text) for text in given.key],
            witnesses=[parse_witness(text) for text in given.witness],
            quorum=given.quorum,
            organisation=given.organisation,
        )
        with open_archive(given.export) as archive:
            verified = check_export(archive, trust, progress=_Shown())
    except Refused as error:
        print(f"REFUSED: {error}")
        return 1
    except (BadKey, Unusable) as error:
        print(f"unusable: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"unusable: {error}", file=sys.stderr)
        return 2
    print("\n".join(_said(verified)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify",
        description="Verify an export of an audit log: exit status 0 verified, 1 refused,"
        " 2 unusable. Get the key from the log's operator, never from the export.",
    )
    parser.add_argument("export", type=Path, metavar="EXPORT", help="a directory, or a tar of it")
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        metavar="NAME+HASH+KEY",
        help="a key of the log; after a rotation give both",
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="NAME+HASH+KEY[=ORGANISATION]",
        help="a key of a witness, and whose it is",
    )
    parser.add_argument(
        "--quorum",
        type=_quorum,
        default=0,
        metavar="N",
        help="refuse unless so many organisations other than the log's have witnessed it",
    )
    parser.add_argument(
        "--organisation",
        default="",
        metavar="NAME",
        help="whose log it is; its own witnesses never count as another's",
    )
    return parser


def _quorum(text: str) -> int:
    quorum = int(text)
    if quorum < 0:
        raise ValueError("a quorum is no negative number")
    return quorum


def _said(verified: Verified) -> list[str]:
    checkpoint = verified.checkpoint
    size = f"of a tree of size {checkpoint.size}"
    if verified.is_complete:
        lines = [f"complete range [{verified.first},{verified.next}) {size}"]
    else:
        lines = [
            f"filtered: {verified.events} events {size}",
            "each event is proved; nothing is proved about events that are not here",
        ]
    lines.append(f"log: {checkpoint.origin}")
    lines += [f"relied on: the log's key {key}" for key in verified.keys]
    for seen in verified.seen:
        whose = seen.witness.organisation or "organisation not said"
        at = datetime.fromtimestamp(seen.time_seconds, UTC).isoformat()
        foreign = "another organisation" if seen.is_foreign else "not known to be another's"
        lines.append(f"relied on: the witness {seen.witness.key.name} ({whose}; {foreign}), {at}")
    if not any(seen.is_foreign for seen in verified.seen):
        lines.append(
            "no witness of another organisation: whoever holds the log's key could have made"
            " another history"
        )
    if verified.notes:
        lines.append(f"older checkpoints that the tree goes on from: {verified.notes}")
    lines += [
        f"not in this export: {part} of {count} events"
        for part, count in verified.missing.items()
        if count
    ]
    return lines


class _Shown:
    """Says on a terminal once a second how far it is."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._next = time.monotonic() + _ANNOUNCE_SECONDS

    def __call__(self, events: int) -> None:
        if self._is_shown and events % 1_000 == 0 and time.monotonic() >= self._next:
            self._next = time.monotonic() + _ANNOUNCE_SECONDS
            print(f"\r{events:,} events checked", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
