"""Makes the logins of the embedded database where they are missing."""

from __future__ import annotations

import psycopg
from psycopg import sql

from audit.roles import LOGINS, login_statements, roles_sql

from .logins import DATABASE, NAMES, Logins, conninfo, login_name


def make_access(logins: Logins) -> None:
    """Make the roles, the logins that hold them, and the database."""
    with psycopg.connect(conninfo(logins, "owner", "postgres"), autocommit=True) as connection:
        connection.execute(roles_sql().encode())
        for name in NAMES[1:]:
            _make_login(connection, login_name(name), logins.passwords[name])
        for name in LOGINS:
            for statement in login_statements(name, login_name(name)):
                connection.execute(statement)
        ensure_database(connection, logins, DATABASE)


def ensure_database(connection: psycopg.Connection, logins: Logins, name: str) -> None:
    """Make a database that the owner role owns, closed to everybody else."""
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    database = sql.Identifier(name)
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER audit_owner").format(database))
    connection.execute(
        sql.SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database)
    )
    with psycopg.connect(conninfo(logins, "owner", name), autocommit=True) as inside:
        inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        inside.execute("ALTER SCHEMA public OWNER TO audit_owner")


def _make_login(connection: psycopg.Connection, name: str, password: str) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = (
        "ALTER ROLE {} LOGIN PASSWORD {}"
        if known is not None
        else "CREATE ROLE {} LOGIN PASSWORD {}"
    )
    connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password)))
