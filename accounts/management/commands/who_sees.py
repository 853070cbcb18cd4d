"""`manage.py who_sees`: what a person may do, or who may do what in an environment."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.overview import Entry, entries
from audit.contracts import SYSTEM_ENVIRONMENT
from environments.directory import get_environment, list_environments
from environments.errors import EnvironmentNotFound


class Command(BaseCommand):
    help = "Lists what a person may do, or who may do what in an environment, one grant a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--person", metavar="NAME", help="a user name")
        which.add_argument("--environment", metavar="KEY", help="such as prod")

    def handle(
        self, *args: Any, person: str | None, environment: str | None, **options: Any
    ) -> None:
        if environment is not None:
            found = entries(places=[self._key(environment)])
        else:
            user = User.objects.filter(username=person).first()
            if user is None:
                raise CommandError(f"There is no user {person!r}.")
            keys = [each.key for each in list_environments()]
            found = entries(places=[*keys, SYSTEM_ENVIRONMENT], people=[user])
        for entry in found:
            self.stdout.write(_line(entry))
        if not found:
            self.stderr.write("There is no grant that holds.")

    def _key(self, environment: str) -> str:
        if environment == SYSTEM_ENVIRONMENT:
            return environment
        try:
            return get_environment(environment).key
        except EnvironmentNotFound as error:
            raise CommandError(str(error)) from None


def _line(entry: Entry) -> str:
    by = "superuser" if entry.grant_id is None else f"grant {entry.grant_id}"
    if entry.group is not None:
        by += f" of group {entry.group}"
    until = f"until {entry.until:%Y-%m-%d %H:%M %Z}" if entry.until else "no end"
    fields = (
        entry.person,
        entry.environment,
        entry.workspace or "-",
        entry.role,
        by,
        until,
        " ".join(entry.abilities),
    )
    return "\t".join(fields)
