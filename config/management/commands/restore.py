"""`manage.py restore`: brings a backup back into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.backup.keys import check_keys, restore_keys
from config.backup.restore import restore_backup
from config.configuration import configuration


class Command(BaseCommand):
    help = (
        "Restores a backup into an empty database: a new DATA_DIR, or the empty database of"
        " DATABASE_URL. All of it comes back, or nothing."
    )
    # Its tables come with the backup.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument(
            "--keys", type=Path, metavar="DIR", help="where the copies of the keys are"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source, keys = options["directory"].absolute(), options["keys"]
        if keys is not None:
            check_keys(configuration(), keys.absolute())
        manifest = restore_backup(source)
        for environment, events in manifest.events.items():
            self.stdout.write(f"{environment}: {events:,} events")
        if keys is not None:
            for path in restore_keys(configuration(), keys.absolute()):
                self.stdout.write(f"key: {path}")
        self.stdout.write(
            f"Restored as of {manifest.made_at}. See that it is whole:"
            " manage.py verify --all --deep"
        )
