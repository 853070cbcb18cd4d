"""The database roles, and the privileges of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections, transaction
from psycopg import sql

OWNER = "audit_owner"
APP = "audit_app"
WORKER = "audit_worker"
SEALER = "audit_sealer"
DERIVE = "audit_derive"
READER = "audit_reader"
ERASE = "audit_erase"
RETAIN = "audit_retain"
ROLES = (OWNER, APP, WORKER, SEALER, DERIVE, READER, ERASE, RETAIN)

# What a login of a process holds.
LOGINS: Mapping[str, tuple[str, ...]] = {
    "web": (APP,),
    "worker": (WORKER, SEALER, DERIVE),
    "reader": (READER,),
}
# What holds of a role's settings is what its login was given: members don't inherit them.
READER_SETTINGS: Mapping[str, str] = {
    "default_transaction_read_only": "on",
    "statement_timeout": "60s",
}

LOOKUPS = ("audit_browser", "audit_operatingsystem", "audit_deviceclass", "audit_country")
DERIVED_EVENT = (
    "client_id, browser, operating_system, device_class, country, region, city, latitude, "
    "longitude, radius_km, time_zone, network, organisation, place_kind, place_build"
)
DERIVED_CLIENT = (
    "agent_name, agent_version, device_class, device_name, device_brand, "
    "operating_system_name, operating_system_version, layout_engine_name, "
    "layout_engine_version, webview_app_name, webview_app_version, rules_version"
)


@dataclass(frozen=True, slots=True)
class TableGrant:
    """`GRANT privileges ON tables TO role`."""

    role: str
    privileges: str
    tables: tuple[str, ...]


GRANTS = (
    TableGrant(
        APP,
        "SELECT, INSERT",
        (
            "audit_event",
            "audit_event_target",
            "audit_submission",
            "audit_pending",
            "audit_client",
            "audit_environment",
            "audit_eventtype",
            "audit_timelessid",
            "audit_typeoverflow",
            "audit_rejected",
            *LOOKUPS,
        ),
    ),
    TableGrant(
        APP, "SELECT, INSERT, UPDATE", ("audit_idempotency", "audit_rejectedcount", "audit_rate")
    ),
    TableGrant(
        APP,
        "SELECT, INSERT, UPDATE, DELETE",
        ("audit_preferences", "audit_savedview", "audit_export"),
    ),
    TableGrant(
        WORKER,
        "INSERT, UPDATE",
        ("audit_rolluphead", "audit_subject", "audit_workspacesubject", "audit_sighting"),
    ),
    TableGrant(WORKER, "INSERT, UPDATE", ("audit_verification",)),
    TableGrant(WORKER, "INSERT, DELETE", ("audit_subjectword",)),
    TableGrant(WORKER, "UPDATE, DELETE", ("audit_subjectwordhead",)),
    TableGrant(
        WORKER,
        "INSERT, UPDATE, DELETE",
        ("audit_rolluphour", "audit_rollupday", "audit_subjectcount"),
    ),
    TableGrant(
        WORKER,
        "DELETE",
        ("audit_rejected", "audit_rejectedcount", "audit_idempotency", "audit_rate"),
    ),
    TableGrant(WORKER, "UPDATE, DELETE", ("audit_export",)),
    TableGrant(WORKER, "INSERT, UPDATE, DELETE", ("audit_maintenance",)),
    TableGrant(DERIVE, f"UPDATE ({DERIVED_EVENT})", ("audit_event",)),
    TableGrant(DERIVE, f"UPDATE ({DERIVED_CLIENT})", ("audit_client",)),
    TableGrant(DERIVE, "INSERT", LOOKUPS),
    TableGrant(DERIVE, "INSERT, UPDATE (days)", ("audit_valuedays",)),
    TableGrant(WORKER, "INSERT, UPDATE (days)", ("audit_valuedays",)),
    TableGrant(WORKER, "UPDATE, DELETE", ("audit_valuedaysbackfill",)),
    TableGrant(SEALER, "INSERT", ("audit_position", "audit_tilehash", "audit_checkpoint")),
    TableGrant(SEALER, "SELECT (uuid)", ("audit_installation",)),
    TableGrant(READER, "SELECT (uuid)", ("audit_installation",)),
    TableGrant(SEALER, "INSERT, UPDATE (ends_at)", ("audit_logkey",)),
    TableGrant(SEALER, "INSERT, UPDATE (cleared_at, cleared_by)", ("audit_alarm",)),
    TableGrant(SEALER, "DELETE", ("audit_pending",)),
    TableGrant(SEALER, "INSERT, UPDATE (size, tree_size, frontier, epoch)", ("audit_loghead",)),
)
READS_ALL = (WORKER, SEALER, DERIVE, READER)
FUNCTIONS = (
    (APP, "audit_make_partition(date)"),
    (WORKER, "audit_make_partition(date)"),
    (WORKER, "audit_begin_split(date)"),
    (WORKER, "audit_follow_split(text)"),
    (WORKER, "audit_end_split(text)"),
    (WORKER, "audit_drop_split()"),
    (WORKER, "audit_open_for_reindex(text)"),
    (APP, "audit_clear_alarm(bigint, uuid, timestamptz)"),
    (WORKER, "audit_thin_checkpoints()"),
)
PREFIX = "audit_"
# Of a row of pg_roles. From PostgreSQL 16 on who made a role is a member that may not take it.
MAY_TAKE = (
    "pg_has_role(current_user, oid,"
    " CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)"
)


def roles_sql() -> str:
    """Return the SQL that makes all roles, for a superuser; can be run again."""
    return Path(__file__).with_name("roles.sql").read_text()


def login_statements(name: str, login: str) -> Iterator[sql.Composed]:
    """Yield the statements that give a login what a process needs; can be run again.

    name: a key of LOGINS
    """
    given = sql.SQL(", ").join(map(sql.Identifier, LOGINS[name]))
    yield sql.SQL("GRANT {} TO {}").format(given, sql.Identifier(login))
    for setting, value in READER_SETTINGS.items() if name == "reader" else ():
        yield sql.SQL("ALTER ROLE {} SET {} = {}").format(
            sql.Identifier(login), sql.Identifier(setting), sql.Literal(value)
        )


def missing_roles(*, using: str) -> tuple[str, ...]:
    """Return the roles of ROLES that the database server doesn't have."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        present = {name for (name,) in cursor.fetchall()}
    return tuple(role for role in ROLES if role not in present)


def apply_privileges(*, using: str) -> None:
    """Grant every role its privileges, and revoke all others; can be run again.

    Tables that are no evidence (accounts, sessions, Django's own) are the app role's to use.
    Does nothing for roles that don't exist: a small installation has one login for all.
    """
    roles = [role for role in ROLES if role not in missing_roles(using=using)]
    if OWNER not in roles:
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        row = cursor.fetchone()
        assert row is not None  # a row without a table to select from
        tables = _all_tables(using)
        if "audit_event" not in tables:
            return  # `migrate` comes first, and does this at its end
        for statement in _statements(roles, _ordinary_tables(using), tables, row[0]):
            cursor.execute(statement)


def _statements(
    roles: Iterable[str], ordinary: Iterable[str], tables: Iterable[str], schema: str
) -> Iterable[str]:
    roles = frozenset(roles)
    every = ", ".join(tables)
    for role in sorted(roles - {OWNER}):
        yield f"REVOKE ALL ON {every} FROM {role}"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for role in READS_ALL:
        if role in roles:
            yield f"GRANT SELECT ON {', '.join(t for t in tables if _is_readable(t))} TO {role}"
    if APP in roles:
        yield f"GRANT SELECT ON {every} TO {APP}"
        for table in ordinary:
            yield f"GRANT INSERT, UPDATE, DELETE ON {table} TO {APP}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {APP}"
    for grant in GRANTS:
        if grant.role in roles:
            yield f"GRANT {grant.privileges} ON {', '.join(grant.tables)} TO {grant.role}"
    for function in sorted({function for _, function in FUNCTIONS}):
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
    for role, function in FUNCTIONS:
        if role in roles:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {role}"


def _is_readable(table: str) -> bool:
    return table.startswith(PREFIX) and table != "audit_installation"


def _all_tables(using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(c.relname) FROM pg_class c"
            " WHERE c.relnamespace = quote_ident(current_schema())::regnamespace"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            # An extension's may be a superuser's.
            " AND pg_has_role(c.relowner, 'USAGE') ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _ordinary_tables(using: str) -> list[str]:
    return [
        name
        for name in _all_tables(using)
        if not name.startswith(PREFIX) and name != "django_migrations"
    ]


@contextmanager
def acting_as(cursor: psycopg.Cursor[Any], role: str) -> Iterator[None]:
    """Take a role for a part of a transaction, where the login may; else keep the login's own."""
    cursor.execute(
        f"SELECT current_user FROM pg_roles WHERE rolname = %s AND {MAY_TAKE}",  # noqa: S608 (our own)
        [role],
    )
    row = cursor.fetchone()
    if row is None:
        yield
        return
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    yield
    # Where an error ends the transaction (or its savepoint), the role ends with it.
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(row[0])))
