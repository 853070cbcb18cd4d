"""`manage.py audit_roles`: prints the SQL that makes the log's roles and grants them to logins."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from psycopg import sql

from audit.roles import LOGINS, roles_sql

OPTIONS = {
    "web": "the login of AUDIT['DATABASE']: records and reads, changes nothing",
    "worker": "the login of AUDIT['WORKER_DATABASE']: counts, gives positions, signs",
}


class Command(BaseCommand):
    help = (
        "Print the SQL that makes the roles of the log, for a superuser; asks no database."
        " Then run `migrate`, which gives each role what it may."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        for name, says in OPTIONS.items():
            parser.add_argument(f"--{name}", metavar="LOGIN", help=says)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(roles_sql().rstrip())
        for name, roles in LOGINS.items():
            if login := options[name]:
                given = sql.SQL(", ").join(map(sql.Identifier, roles))
                grant = sql.SQL("GRANT {} TO {};").format(given, sql.Identifier(login))
                self.stdout.write(grant.as_string(None))
