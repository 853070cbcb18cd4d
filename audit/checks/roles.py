"""Checks that the database's logins may do what they should and no more, and that what is recorded
lasts: by `check --deploy` alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connections

from audit.conf import audit_settings
from audit.roles import ROLES, missing_roles
from audit.seal.key_file import loose_mode

# What a crash of the machine may take back what was acknowledged without, or leave torn.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@register(Tags.security, deploy=True)
def check_roles(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E009: the application owns the events; E010: it is a superuser; E011: what is committed
    may be lost; W001: roles don't exist; W003: one login; W004: the database can't be asked; W005:
    the worker can't rebuild indexes; W006: readers have the application's login; W007: readers may
    write, or ask for ever. Not tagged as a database's, so that `check --deploy` alone says it.
    """
    given = audit_settings()
    alias, worker, reader = given.DATABASE, given.WORKER_DATABASE, given.READER_DATABASE
    if not all(name in list(connections) for name in (alias, worker, reader)):
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
    messages += _power(alias)
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
    for check in (lambda: _reading(alias, reader), lambda: _maintenance(worker)):
        with suppress(OperationalError):  # their logins may have nothing to do with this process
            messages += check()
    for each in {_login(one): one for one in (worker, reader, alias)}.values():
        with suppress(OperationalError):
            messages += _durability(each)
    return messages


@register(Tags.security, deploy=True)
def check_key_file(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E012: others than its owner may use the file of the key that signs."""
    path = audit_settings().SIGNING_KEY_FILE
    mode = loose_mode(Path(path)) if path else None
    if mode is None:
        return []
    return [
        Error(
            f"{path} has the mode {mode:04o}: others than its owner can sign checkpoints of the"
            " log, or put another key in its place.",
            hint=f"chmod 600 {path}; where others may have read it, then `manage.py log_key rotate`"
            " as well.",
            id="audit.E012",
        )
    ]


def _power(alias: str) -> Iterator[CheckMessage]:
    """What a login could make of itself counts as what it is."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles r"
            "  WHERE r.rolsuper AND pg_has_role(r.oid, 'MEMBER')),"
            # Who owns the schema may drop it with all that is in it.
            " EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            "  WHERE c.oid = to_regclass('audit_event')"
            "  AND (pg_has_role(c.relowner, 'MEMBER') OR pg_has_role(n.nspowner, 'MEMBER')))"
        )
        is_superuser, is_owner = cursor.fetchone()
    hint = (
        "Let AUDIT['DATABASE'] log in as a member of audit_app only, and AUDIT['OWNER_DATABASE'] as"
        " the one that migrates (DATABASE_URL and DATABASE_OWNER_URL)."
    )
    if is_superuser:
        yield Error(
            "The application's database login is a superuser: nothing in the database is closed to"
            " whoever takes over a web process.",
            hint=hint,
            id="audit.E010",
        )
    elif is_owner:
        yield Error(
            "The application's database login owns the events and could change them.",
            hint=hint,
            id="audit.E009",
        )


def _reading(alias: str, reader: str) -> Iterator[CheckMessage]:
    if _login(alias) == _login(reader):
        yield Warning(
            "People's searches are read by the application's database login, which also records,"
            " and nothing ends one that takes too long.",
            hint="Let AUDIT['READER_DATABASE'] log in as a member of audit_reader"
            " (DATABASE_READER_URL); `manage.py roles --reader LOGIN` gives it what it needs.",
            id="audit.W006",
        )
        return
    with connections[reader].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('default_transaction_read_only') = 'on',"
            " current_setting('statement_timeout') <> '0'"
        )
        is_read_only, is_timed = cursor.fetchone()
    faults = [] if is_read_only else ["default_transaction_read_only is off"]
    faults += [] if is_timed else ["statement_timeout is 0"]
    if faults:
        yield Warning(
            f"Of the login of AUDIT['READER_DATABASE'], {' and '.join(faults)}.",
            hint="A superuser sets both by what `manage.py roles --reader LOGIN` prints; a role"
            " hands its settings to no member.",
            id="audit.W007",
        )


def _durability(alias: str) -> Iterator[CheckMessage]:
    """By what holds for this login: it may have settings of its own."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name",
            [list(DURABLE)],
        )
        off = [name for (name,) in cursor.fetchall()]
    if off:
        yield Error(
            f"{' and '.join(off)} {'is' if len(off) == 1 else 'are'} off for the login of"
            f" DATABASES[{alias!r}]: events that were acknowledged can be lost, or the whole"
            " database be torn, when the machine stops.",
            hint=f"{'; '.join(f'ALTER SYSTEM SET {name} = on' for name in off)};"
            " SELECT pg_reload_conf(). A login or database may have it by ALTER … SET, too.",
            id="audit.E011",
        )


def _maintenance(worker: str) -> Sequence[CheckMessage]:
    """From PostgreSQL 17 on the worker's role is given MAINTAIN; before, only owners may."""
    with connections[worker].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'),"
            " current_setting('server_version_num')::int >= 170000"
            " OR pg_has_role(c.relowner, 'USAGE') FROM pg_class c"
            " WHERE c.oid = to_regclass('audit_event')"
        )
        row = cursor.fetchone()
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
