"""Checks that database roles which must be separate are separate."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import OperationalError, connections

from audit.conf import audit_settings
from audit.roles import ROLES, missing_roles


@register(Tags.security, deploy=True)
def check_roles(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.W001: roles don't exist; W002: the application owns the events; W003: one login;
    W004: the database can't be asked; W005: the worker can't rebuild indexes. Not tagged as a
    database's, so that `check --deploy` alone says it.
    """
    alias, worker = audit_settings().DATABASE, audit_settings().WORKER_DATABASE
    if not all(name in list(connections) for name in (alias, worker)):
        return []  # audit.E004 says so
    try:
        connections[alias].ensure_connection()
    except OperationalError as error:
        return [
            Warning(
                f"The database can't be reached, so its roles are not known: {error}",
                hint="Run the check again where the database answers.",
                id="audit.W004",
            )
        ]
    messages: list[CheckMessage] = []
    missing = missing_roles(using=alias)
    if missing:
        messages.append(
            Warning(
                f"The database lacks the roles {', '.join(missing)} (of {', '.join(ROLES)}).",
                hint="Let a superuser run what `manage.py roles` prints, then migrate again.",
                id="audit.W001",
            )
        )
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c"
            " WHERE c.oid = to_regclass('audit_event')"
        )
        row = cursor.fetchone()
    if row and row[0]:
        messages.append(
            Warning(
                "The application's database login owns the events and could change them.",
                hint="Let AUDIT['DATABASE'] log in as a member of audit_app only, and"
                " AUDIT['OWNER_DATABASE'] as the one that migrates (DATABASE_URL and"
                " DATABASE_OWNER_URL).",
                id="audit.W002",
            )
        )
    if _login(alias) == _login(worker):
        messages.append(
            Warning(
                "The worker has the application's database login: whoever takes over a web process"
                " can also delete receipts before they are sealed.",
                hint="Let AUDIT['WORKER_DATABASE'] log in as a member of audit_worker, audit_sealer"
                " and audit_derive (DATABASE_WORKER_URL).",
                id="audit.W003",
            )
        )
    return [*messages, *_maintenance(worker)]


def _maintenance(worker: str) -> Sequence[CheckMessage]:
    """From PostgreSQL 17 on the worker's role is given MAINTAIN; before, only owners may."""
    try:
        with connections[worker].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'),"
                " current_setting('server_version_num')::int >= 170000"
                " OR pg_has_role(c.relowner, 'USAGE') FROM pg_class c"
                " WHERE c.oid = to_regclass('audit_event')"
            )
            row = cursor.fetchone()
    except OperationalError:
        return []  # its login has nothing to do with this process
    if row is None or row[1]:
        return []
    return [
        Warning(
            "The worker can't rebuild the indexes of closed months, which then keep half as much"
            f" again as they need: PostgreSQL {row[0]} lets only the owner.",
            hint="Run `manage.py maintain --database` with the owner's alias once a month, or"
            " update to PostgreSQL 17 or newer.",
            id="audit.W005",
        )
    ]


def _login(alias: str) -> tuple[object, ...]:
    given = connections[alias].settings_dict
    return given["HOST"], given["PORT"], given["USER"]
