"""`manage.py relocate`: derive places again, after the location file was replaced."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.conf import audit_settings
from audit.derive.months import derive_lock, list_months
from audit.derive.places import RelocatedBatch, relocate_events, sample_relocation
from audit.enrich.place import BuildDates, places_build_dates
from audit.errors import Busy
from audit.log.cursor import psycopg_cursor
from audit.management.arguments import add_months


class Command(BaseCommand):
    help = (
        "Looks up the IP addresses of events that an older location file placed. May be interrupted"
        " and run again. Evidence isn't touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_months(parser)
        parser.add_argument(
            "--all",
            action="store_true",
            help="events too that the present file placed (when that of networks was replaced)",
        )
        parser.add_argument(
            "--accept-losses",
            action="store_true",
            help="go on where most events that have a place would lose it",
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many would move")

    def handle(self, *args: Any, **options: Any) -> None:
        using = audit_settings().WORKER_DATABASE
        build_dates = places_build_dates()
        if not any(build_dates):
            raise CommandError(
                "There is no location database to look IP addresses up in, and without one every"
                " event would lose its place: set GEOIP_CITY_PATH (see docs/place.md)."
            )
        self._say_files(build_dates)
        try:
            with derive_lock(psycopg_cursor(using)):
                months = list_months(
                    psycopg_cursor(using), first=options["first"], last=options["last"]
                )
                asked = {"build_dates": build_dates, "is_all": options["all"], "using": using}
                if not (options["dry_run"] or options["accept_losses"]):
                    _refuse_losses(sample_relocation(months, **asked))
                events = changed = lost = 0
                with tqdm(unit="event", file=sys.stderr, disable=None) as bar:
                    for month in months:
                        bar.set_description(month.name)
                        for located in relocate_events(month, is_dry=options["dry_run"], **asked):
                            events += located.events
                            changed += located.changed
                            lost += located.lost
                            bar.update(located.events)
        except Busy as error:
            raise CommandError(str(error)) from error
        got, lose = ("would get", "would lose") if options["dry_run"] else ("got", "lost")
        self.stdout.write(
            f"{events:,} events looked up, {changed:,} {got} another place; {lost:,} of these"
            f" {lose} the place they had."
        )

    def _say_files(self, build_dates: BuildDates) -> None:
        for version, build_date in zip(("IPv4", "IPv6"), build_dates, strict=True):
            said = f"is of {build_date}" if build_date else "is missing: they have no place"
            self.stdout.write(f"The location database for {version} addresses {said}.")


def _refuse_losses(sample: RelocatedBatch) -> None:
    """Raise CommandError where most events of the sample would lose their place."""
    if sample.lost * 2 <= sample.events:
        return
    raise CommandError(
        f"{sample.lost:,} of {sample.events:,} events that have a place would lose it: the location"
        " database knows less than the one before, or holds addresses of one version of IP alone"
        " (docs/place.md). No event was changed. With --dry-run all are counted, with"
        " --accept-losses they are changed all the same."
    )
