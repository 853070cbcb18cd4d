"""`manage.py reparse_devices`: derive every stored client again, after the rules have changed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.conf import audit_settings
from audit.derive.devices import Changes, correct_events, count_stale, count_wrong, reparse_clients
from audit.derive.months import derive_lock, list_months
from audit.enrich.device import RULES_VERSION
from audit.errors import Busy
from audit.log.cursor import psycopg_cursor
from audit.management.arguments import add_months

SHOWN_CHANGES = 20


class Command(BaseCommand):
    help = (
        "Parses the clients that other rules parsed, then gives events the numbers of what their"
        " clients say. May be interrupted and run again. Evidence isn't touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        add_months(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        using = audit_settings().WORKER_DATABASE
        try:
            with derive_lock(psycopg_cursor(using)):
                self._run(using, is_dry=options["dry_run"], options=options)
        except Busy as error:
            raise CommandError(str(error)) from error

    def _run(self, using: str, *, is_dry: bool, options: dict[str, Any]) -> None:
        stale = count_stale(using=using)
        self.stdout.write(f"Rules {RULES_VERSION}: {stale:,} clients were parsed by others.")
        changes: Changes = Counter()
        changed = 0
        renumbered: list[int] = []
        with _bar(total=stale, unit="client") as bar:
            for parsed in reparse_clients(using=using, is_dry=is_dry):
                changes.update(parsed.changes)
                changed += parsed.changed
                renumbered += parsed.renumbered
                bar.update(parsed.clients)
        self._tell(changes)
        self.stdout.write(f"{changed:,} clients {'would say' if is_dry else 'say'} something else.")
        months = list_months(psycopg_cursor(using), first=options["first"], last=options["last"])
        corrected = 0
        with _bar(total=len(months), unit="month") as bar:
            for month in months:
                bar.set_description(month.name)
                if is_dry:
                    corrected += count_wrong(month, renumbered=renumbered, using=using)
                else:
                    corrected += sum(correct_events(month, using=using))
                bar.update()
        self.stdout.write(f"{corrected:,} events {'would get' if is_dry else 'got'} new numbers.")

    def _tell(self, changes: Changes) -> None:
        for (field, old, new), count in changes.most_common(SHOWN_CHANGES):
            self.stdout.write(f"  {count:8,} × {field}: {old or '–'} → {new or '–'}")
        more = len(changes) - SHOWN_CHANGES
        if more > 0:
            self.stdout.write(f"  and {more:,} other changes")


def _bar(*, total: int, unit: str) -> tqdm[Any]:
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=None)
