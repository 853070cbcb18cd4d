"""`manage.py backup`: copies all that is recorded, while everything goes on."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backup.backup import make_backup
from config.backup.keys import copy_keys, key_paths
from config.configuration import configuration


class Command(BaseCommand):
    help = (
        "Writes all of the database into a directory that isn't there yet; it can be restored into"
        " an embedded PostgreSQL or another one. Keys are copied apart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--keys", type=Path, metavar="DIR", help="copy the keys here, not beside the backup"
        )
        parser.add_argument(
            "--jobs", type=int, default=2, help="tables that are read at a time (2)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target, keys = options["directory"].absolute(), options["keys"]
        if options["jobs"] < 1:
            raise CommandError("--jobs is 1 or more.")
        if keys is not None and keys.absolute().is_relative_to(target):
            raise CommandError(
                f"{keys} lies in the backup: whoever has both can write another history."
            )
        manifest = make_backup(target, jobs=options["jobs"])
        for environment, events in manifest.events.items():
            self.stdout.write(f"{environment}: {events:,} events")
        if keys is None:
            paths = ", ".join(str(path) for path in key_paths(configuration()).values())
            self.stdout.write(f"Keys are not in it; keep copies of them elsewhere: {paths}")
        else:
            for path in copy_keys(configuration(), keys.absolute()):
                self.stdout.write(f"key: {path}")
        size = sum(file.size for file in manifest.files.values())
        self.stdout.write(f"{target}: {size / 2**20:,.1f} MiB, as of {manifest.made_at}")
