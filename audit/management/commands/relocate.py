"""`manage.py relocate`: derive places again, after the location file was replaced."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from audit.conf import audit_settings
from audit.derive.months import alone, months
from audit.derive.places import relocate_events
from audit.enrich.place import places_build_date
from audit.errors import Busy
from audit.management.arguments import month
from audit.record.store import own_cursor


class Command(BaseCommand):
    help = (
        "Looks up the addresses of events that an older location file placed. May be interrupted"
        " and run again. Evidence isn't touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="first", type=month, metavar="YYYY-MM", help="first month of events"
        )
        parser.add_argument(
            "--to", dest="last", type=month, metavar="YYYY-MM", help="last month of events"
        )
        parser.add_argument(
            "--all",
            action="store_true",
            help="events too that the present file placed (when that of networks was replaced)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many would move")

    def handle(self, *args: Any, **options: Any) -> None:
        using = audit_settings().WORKER_DATABASE
        build_date = places_build_date()
        if build_date is None:
            raise CommandError(
                "There is no location database to look addresses up in, and without one every"
                " event would lose its place: set GEOIP_CITY_PATH (see docs/place.md)."
            )
        self.stdout.write(f"The location database is of {build_date}.")
        try:
            with alone(own_cursor(using)):
                events = changed = 0
                stretches = months(own_cursor(using), first=options["first"], last=options["last"])
                with tqdm(unit="event", file=sys.stderr, disable=None) as bar:
                    for each in stretches:
                        bar.set_description(each.name)
                        for located in relocate_events(
                            each,
                            build_date=build_date,
                            is_all=options["all"],
                            is_dry=options["dry_run"],
                            using=using,
                        ):
                            events += located.events
                            changed += located.changed
                            bar.update(located.events)
        except Busy as error:
            raise CommandError(str(error)) from error
        would = "would get" if options["dry_run"] else "got"
        self.stdout.write(f"{events:,} events looked up, {changed:,} {would} another place.")
