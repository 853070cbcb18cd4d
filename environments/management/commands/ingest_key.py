"""`manage.py ingest_key create|list|revoke`: the keys that senders hold."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from audit.management.actions import ActionCommand
from environments.errors import EnvironmentsError
from environments.keys import create_ingest_key, revoke_ingest_key
from environments.models import IngestKey


class Command(ActionCommand):
    refusals = EnvironmentsError
    help = "Makes, lists and revokes ingest keys. A new key is the last line of standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a key and print it, once")
        create.add_argument("--environment", required=True, help="key, such as prod")
        create.add_argument("--name", required=True, help="the service that will hold the key")
        create.add_argument("--workspace", help="the only workspace that it may write to")
        create.add_argument("--expires", type=int, metavar="DAYS", help="days that it is good for")
        actions.add_parser("list", help="list all keys")
        revoke = actions.add_parser("revoke", help="end a key for good")
        revoke.add_argument("key", help="its number or hint, as `list` shows them")

    def _create(self, options: dict[str, Any]) -> None:
        if options["expires"] is not None and not 1 <= options["expires"] <= 36_500:
            raise CommandError("--expires is a number of days, 1 to 36500.")
        key, token = create_ingest_key(
            environment=options["environment"],
            sender=options["name"],
            workspace=options["workspace"],
            expires_in_days=options["expires"],
            now=timezone.now(),
        )
        self.stderr.write(f"Key {key.hint} of {key.sender}; it is shown only now:")
        self.stdout.write(token)

    def _list(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        keys = IngestKey.objects.select_related("sender__environment").order_by("pk")
        for key in keys:
            state = "live" if key.is_live(now) else "revoked" if key.revoked_at else "expired"
            used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
            bound = key.workspace or "-"
            self.stdout.write(f"{key.pk}\t{key.hint}\t{key.sender}\t{bound}\t{state}\tused {used}")

    def _revoke(self, options: dict[str, Any]) -> None:
        key = revoke_ingest_key(options["key"], now=timezone.now())
        self.stderr.write(f"Key {key.hint} of {key.sender} is revoked.")
