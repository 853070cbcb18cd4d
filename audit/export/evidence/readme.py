"""Writes what a stranger reads first."""

from __future__ import annotations

from collections.abc import Mapping

from audit.tlog.checkpoints import Checkpoint

_WHOLE = """All events that this log took at the positions {first} to {last}, none left out: the
tree proves that there is no other one between them."""
_FILTERED = """Those events among the positions {first} to {last} that match this filter:

    {filter}

Each of them is proved to be in the log as it stands here. It is not proved that no other event
matches: for that, ask for the whole range."""
_TEXT = """# Events of an audit log, with their proof

Log: {origin}
Signed over {size} events; here are {count}.{erased}

{what}

## How to verify it

You need Python 3.11 or newer, its package `cryptography`, and

- the verifier, one file, `verify_export.py`. Whoever runs the log can write it with
  `make verifier`; read it, or write your own after docs/evidence.md;
- the log's key, `name+hash+key`. Get it from whoever runs the log by another way than this export
  (they print it with `manage.py log_key export`): a key that came with the events proves nothing.

Then, beside this directory:

    python verify_export.py DIRECTORY --key 'name+hash+key'

Exit status 0: verified; 1: refused, with the position and the part; 2: it could not be read.

## What is here

- `entries.ndjson`: an event a line, with its position, its leaf and the three texts that the leaf
  commits to, each with its salt. Of a text that was erased, `null`, the commitment is in the leaf.
- `checkpoint`: what was signed (c2sp.org/tlog-checkpoint).
- {proofs}
- `manifest.json`: what was asked for, and the files' SHA-256. Nothing rests on it.
"""
_TILES = (
    "`tile/`, `checkpoints/`: the hashes of the whole tree (c2sp.org/tlog-tiles), and older"
    " checkpoints\n  that it continues."
)
_PROOFS = "`proofs/`: a proof for each event (c2sp.org/tlog-proof)."


def make_readme(
    *,
    checkpoint: Checkpoint,
    first: int,
    next_: int,
    count: int,
    missing: Mapping[str, int],
    filter_: str | None,
) -> str:
    """Return README.md. filter_: as it was asked for, None for a whole range; missing: of how many
    events each part was erased
    """
    what = _WHOLE if filter_ is None else _FILTERED
    positions = {"first": first, "last": max(first, next_ - 1)}
    return _TEXT.format(
        origin=checkpoint.origin,
        size=f"{checkpoint.size:,}",
        count=f"{count:,}",
        erased="".join(
            f"\nErased, with the commitment that stays: `{part}` of {number:,}."
            for part, number in sorted(missing.items())
        ),
        what=what.format(**positions, filter=filter_),
        proofs=_TILES if filter_ is None else _PROOFS,
    )
