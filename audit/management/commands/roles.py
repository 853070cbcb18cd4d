"""`manage.py roles`: the roles of the log and what their logins need, printed or made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connections, transaction
from psycopg import sql

from audit.conf import audit_settings
from audit.roles import LOGINS, apply_privileges, login_statements, roles_sql

OPTIONS = {
    "web": "the login of AUDIT['DATABASE']: records, and keeps what people set",
    "worker": "the login of AUDIT['WORKER_DATABASE']: counts, gives positions, signs",
    "reader": "the login of AUDIT['READER_DATABASE']: searches, counts and exports for people",
}


class Command(BaseCommand):
    help = (
        "Print the SQL that makes the roles of the log and gives them to logins, for a superuser;"
        " asks no database. Then run `migrate`, which gives each role what it may. With --run it"
        " is done by the login of AUDIT['OWNER_DATABASE'], where that one may."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        for name, says in OPTIONS.items():
            parser.add_argument(f"--{name}", metavar="LOGIN", help=says)
        parser.add_argument("--run", action="store_true", help="make them, instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        logins = {name: options[name] for name in LOGINS if options[name]}
        if options["run"]:
            self._run(logins)
            return
        self.stdout.write(roles_sql().rstrip())
        for statement in _statements(logins):
            self.stdout.write(f"{statement.as_string(None)};")

    def _run(self, logins: dict[str, str]) -> None:
        using = audit_settings().OWNER_DATABASE
        try:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute(roles_sql())
                for statement in _statements(logins):
                    cursor.execute(statement)
                apply_privileges(using=using)
        except DatabaseError as error:
            if not isinstance(error.__cause__, _REFUSALS):
                raise
            raise CommandError(
                f"The login of AUDIT['OWNER_DATABASE'] can't do it: {str(error).strip()}\n"
                "Let a superuser run what `manage.py roles` prints without --run, then migrate."
            ) from error
        self.stdout.write("The roles are there, and may what they should.")


_REFUSALS = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject)


def _statements(logins: dict[str, str]) -> Iterator[sql.Composed]:
    for name, login in logins.items():
        yield from login_statements(name, login)
