"""`manage.py verify`: holds what is stored against what the logs committed to."""

from __future__ import annotations

import os
import re
import signal
import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.seal.receipt_times import first_position_since
from audit.verify.findings import Finding
from audit.verify.log import Log, read_log, verify_span
from audit.verify.outside import find_outside
from audit.verify.schedule import verify_due

NICENESS = 10
_SPAN = re.compile(r"([0-9]{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Command(BaseCommand):
    help = (
        "Verifies events, receipts, tiles and checkpoints against each other. Prints what is wrong,"
        " an event and its part a line. Exit status: 0 nothing is, 1 something is, 2 not verified."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--environment", help="key of one environment; else all")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--recent", metavar="2h", help="what came in so many m, h or d")
        which.add_argument("--all", action="store_true", help="everything, which is the default")
        which.add_argument(
            "--due", action="store_true", help="what the schedule wants now; the worker starts it"
        )
        parser.add_argument(
            "--deep", action="store_true", help="look for rows that are in no receipt, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        using = audit_settings().WORKER_DATABASE
        if options["due"]:
            self._due(using)
            return
        since = _ago(options["recent"]) if options["recent"] else None
        cursor = psycopg_cursor(using)
        logs = _logs(cursor, options["environment"])
        found: list[Finding] = []

        def report(finding: Finding) -> None:
            found.append(finding)
            self.stdout.write(str(finding))

        for log in logs:
            start = 0
            if since is not None:
                start = first_position_since(cursor, log.environment, timezone.now() - since)
            with tqdm(
                total=log.size - start, desc=log.key, unit="event", file=sys.stderr, disable=None
            ) as bar:
                count = verify_span(
                    cursor,
                    log,
                    start,
                    log.size,
                    report=report,
                    progress=lambda events: _step(bar, events),
                )
            if options["deep"]:
                find_outside(cursor, log, report=report)
            self.stderr.write(f"{log.key}: {count:,} events verified.")
        if found:
            raise CommandError(f"{len(found):,} findings.", returncode=1)
        self.stderr.write("Nothing is wrong.")

    def _due(self, using: str) -> None:
        os.nice(NICENESS)
        stopping: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
        verify_due(using=using, now=timezone.now(), is_stopping=lambda: bool(stopping))


def _step(bar: tqdm[Any], events: int) -> None:
    bar.update(events)


def _logs(cursor: Any, environment: str | None) -> list[Log]:
    if environment is not None:
        log = read_log(cursor, environment)
        if log is None:
            raise CommandError(
                f"Nothing has a position in the log of {environment!r}, or there is none.",
                returncode=2,
            )
        return [log]
    cursor.execute("SELECT key FROM audit_environment ORDER BY id")
    keys = [row[0] for row in cursor.fetchall()]
    return [log for key in keys if (log := read_log(cursor, key)) is not None]


def _ago(text: str) -> timedelta:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise CommandError(f"--recent is a number of m, h or d, such as 2h; not {text!r}.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
