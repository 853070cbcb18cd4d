"""`manage.py read_token create`: a token for the query API."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_read_token


class Command(BaseCommand):
    help = "Makes a read token. It is the last line of standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a token and print it, once")
        create.add_argument("--user", required=True, help="whose scope it carries")
        create.add_argument("--name", default="", help="what it is for")
        create.add_argument("--expires", type=int, metavar="DAYS", help="days that it is good for")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["expires"] is not None and not 1 <= options["expires"] <= 36_500:
            raise CommandError("--expires is a number of days, 1 to 36500.")
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            names = ", ".join(
                User.objects.order_by("username").values_list("username", flat=True)[:20]
            )
            raise CommandError(
                f"There is no user {options['user']!r}; there are: {names or 'none'}."
            )
        row, token = create_read_token(
            user=user, name=options["name"], expires_in_days=options["expires"], now=timezone.now()
        )
        self.stderr.write(f"Read token {row.hint} of {user}; it is shown only now:")
        self.stdout.write(token)
