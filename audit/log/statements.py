"""Loads SQL that is run as it is from the file `statements.sql` of a room.

Each statement stands there under its name and a line of what it does:

    -- list_logs: Tells of each environment's log what there is to show of it.
    SELECT …;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOMS = Path(__file__).parents[1]
FILE = "statements.sql"
_HEADER = re.compile(r"^-- ([a-z_]+): .+\n", re.MULTILINE)


def statement(room: str, name: str) -> str:
    """Return a statement of a room of `audit`. Raises KeyError where it has none of that name."""
    return read_statements(room)[name]


@cache
def read_statements(room: str) -> Mapping[str, str]:
    """Return the statements of a room by their names, in the order of its file."""
    _, *parts = _HEADER.split((ROOMS / room / FILE).read_text())
    return {
        name: text.strip().removesuffix(";")
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
