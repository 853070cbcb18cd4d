"""Makes the exports that wait, in a process of its own that the worker starts."""

from __future__ import annotations

from collections.abc import Callable

from audit.export.jobs import next_export
from audit.export.making import make_export
from audit.log.cursor import psycopg_cursor
from audit.log.one_at_a_time import alone

# The two numbers of the advisory lock of whoever makes exports: "audi", "expo".
EXPORT_LOCK = (0x61756469, 0x6578706F)
COMMAND = "make_exports"
POLL_SECONDS = 1.0
NICENESS = 5


def make_exports(*, using: str, is_stopping: Callable[[], bool]) -> int:
    """Make all exports that wait, one after the other; return how many. Where another process is
    at it already, there is nothing to do.
    """
    count = 0
    with alone(psycopg_cursor(using), EXPORT_LOCK) as is_ours:
        while is_ours and not is_stopping():
            export = next_export(using=using)
            if export is None:
                break
            make_export(export, using=using, is_stopping=is_stopping)
            count += 1
    return count
