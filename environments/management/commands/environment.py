"""`manage.py environment create|list|rename|remove`: the installations that send."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from audit.management.actions import ActionCommand
from environments.directory import (
    add_environment,
    list_environments,
    remove_environment,
    rename_environment,
)
from environments.errors import EnvironmentsError


class Command(ActionCommand):
    refusals = EnvironmentsError
    help = "Makes, lists, renames and removes environments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make one, last in the order")
        create.add_argument("key", help="what its log is called, such as prod; never changed")
        create.add_argument("--name", help="what people read; the key with a capital if left out")
        create.add_argument("--production", action="store_true", help="users work in it")
        create.add_argument(
            "--not-on-path", action="store_true", help="no app is promoted through it"
        )
        create.add_argument("--colour", help="such as #0072b2; the next of a few if left out")
        actions.add_parser("list", help="list all in their order")
        rename = actions.add_parser("rename", help="change what people read")
        rename.add_argument("key")
        rename.add_argument("--name", required=True)
        remove = actions.add_parser("remove", help="remove one in which nothing was recorded")
        remove.add_argument("key")

    def _create(self, options: dict[str, Any]) -> None:
        made = add_environment(
            key=options["key"],
            name=options["name"],
            colour=options["colour"],
            is_production=options["production"],
            is_on_path=not options["not_on_path"],
            now=timezone.now(),
        )
        self.stdout.write(
            f"{made.name} ({made.key}) is made; `manage.py ingest_key create --environment"
            f" {made.key} --name …` makes a key for what sends from it."
        )

    def _list(self, options: dict[str, Any]) -> None:
        for one in list_environments():
            words = ["production"] if one.is_production else []
            words += ["on the promotion path"] if one.is_on_path else []
            self.stdout.write(f"{one.key}\t{one.name}\t{one.colour}\t{', '.join(words) or '-'}")

    def _rename(self, options: dict[str, Any]) -> None:
        renamed = rename_environment(options["key"], name=options["name"])
        self.stdout.write(f"{renamed.key} is called {renamed.name}.")

    def _remove(self, options: dict[str, Any]) -> None:
        remove_environment(options["key"])
        self.stdout.write(f"{options['key']} is removed.")
