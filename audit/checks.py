"""Is the audit app set up as it should be?"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connections
from django.utils.module_loading import import_string

from .conf import SETTING_NAMES, audit_settings
from .enrich.device import is_fast
from .redact import problems_of
from .roles import ROLES, missing_roles
from .vocabulary import nearest

PATHS = ("KEY_RESOLVER", "READER_RESOLVER", "SCOPE", "ENVIRONMENTS")


@register
def check_settings(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E001: unknown setting; E002: a dotted path that leads nowhere; E003: a bad rule."""
    messages: list[CheckMessage] = []
    given = getattr(settings, "AUDIT", {})
    for name in sorted(set(given) - SETTING_NAMES):
        like = nearest(name, SETTING_NAMES)
        hint = f"Did you mean {like!r}?" if like else f"Known: {', '.join(sorted(SETTING_NAMES))}."
        messages.append(Error(f"AUDIT has no setting {name!r}.", hint=hint, id="audit.E001"))
    for name in PATHS:
        path = getattr(audit_settings(), name)
        try:
            import_string(path)
        except ImportError as error:
            messages.append(
                Error(
                    f"AUDIT[{name!r}] is {path!r}, which can't be imported: {error}",
                    hint="Give the dotted path of a function; audit.conf says what it returns.",
                    id="audit.E002",
                )
            )
    messages += [
        Error(
            f"AUDIT['REDACT'] can't be used: {problem}",
            hint="docs/redaction.md says what it may hold.",
            id="audit.E003",
        )
        for problem in problems_of(audit_settings().REDACT)
    ]
    return messages


@register
def check_device_parser(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.W010: user agents are parsed by Python alone."""
    if is_fast():
        return []
    return [
        Warning(
            "ua-parser has no matcher in Rust here: parsing an unknown device takes some 40 times"
            " as long.",
            hint="pip install 'ua-parser[regex]'",
            id="audit.W010",
        )
    ]


@register(Tags.security, deploy=True)
def check_roles(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.W001: roles don't exist; W002: the application owns the events; W003: one login;
    W004: the database can't be asked. Not tagged as a database's, so that `check --deploy` alone
    says it.
    """
    alias = audit_settings().DATABASE
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
                hint="Run config/postgres/roles.sql as a superuser, then migrate again.",
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
    if _login(alias) == _login(audit_settings().WORKER_DATABASE):
        messages.append(
            Warning(
                "The worker has the application's database login: whoever takes over a web process"
                " can also delete receipts before they are sealed.",
                hint="Let AUDIT['WORKER_DATABASE'] log in as a member of audit_worker, audit_sealer"
                " and audit_derive (DATABASE_WORKER_URL).",
                id="audit.W003",
            )
        )
    return messages


def _login(alias: str) -> tuple[object, ...]:
    given = connections[alias].settings_dict
    return given["HOST"], given["PORT"], given["USER"]
