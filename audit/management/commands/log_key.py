"""`manage.py log_key new|list|rotate|announce|export`: the key that signs the logs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from audit.conf import audit_settings
from audit.errors import AuditError
from audit.log.cursor import psycopg_cursor
from audit.management.actions import ActionCommand
from audit.seal.log_keys import OVERLAP, key_path, list_keys, make_key, rotate_key
from audit.seal.rotation import announce_rotation
from audit.seal.verifier_keys import verifier_keys


class Command(ActionCommand):
    refusals = AuditError
    help = (
        "Makes, lists and replaces the key that signs the logs' checkpoints, and prints what a"
        " verifier needs of it: that is the last line of standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("new", help="make the first key, in the file of SIGNING_KEY_FILE")
        actions.add_parser("list", help="list the keys that sign or signed, newest first")
        rotate = actions.add_parser(
            "rotate", help=f"make a newer key; both sign for {OVERLAP.days} days"
        )
        rotate.add_argument(
            "--lost", action="store_true", help="the file is lost: the new key signs alone"
        )
        actions.add_parser("announce", help="record the newest rotation in every log, if it isn't")
        export = actions.add_parser("export", help="print verifier keys, name+hash+key")
        export.add_argument("--environment", help="key of one environment, such as prod")

    def _new(self, options: dict[str, Any]) -> None:
        make_key(using=audit_settings().WORKER_DATABASE, now=timezone.now())
        self.stderr.write(f"The key is in {key_path()}: keep a copy where the database isn't.")

    def _rotate(self, options: dict[str, Any]) -> None:
        using = audit_settings().WORKER_DATABASE
        rotate_key(using=using, now=timezone.now(), is_lost=options["lost"])
        self.stderr.write(f"The new key is in {key_path()}; verifiers need it from now on.")
        self._announce(options)

    def _announce(self, options: dict[str, Any]) -> None:
        count = announce_rotation(now=timezone.now())
        self.stderr.write(f"Recorded in {count} logs.")

    def _list(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        for row in list_keys(psycopg_cursor(audit_settings().WORKER_DATABASE)):
            ends = f"{row.ends_at:%Y-%m-%d %H:%M}" if row.ends_at else "-"
            state = "signs" if row.ends_at is None or row.ends_at > now else "ended"
            made = f"{row.made_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{row.public.hex()}\tmade {made}\tuntil {ends}\t{state}")

    def _export(self, options: dict[str, Any]) -> None:
        cursor = psycopg_cursor(audit_settings().WORKER_DATABASE)
        for key in verifier_keys(cursor, environment=options["environment"]):
            self.stdout.write(str(key))
