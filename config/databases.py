"""Configures the database logins of each part of the product."""

from __future__ import annotations

from typing import Any

import environ

from .configuration import ConfigurationError
from .postgres.logins import Logins, read_logins
from .variables import Configuration

POOL_OPTIONS = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
CONNECT_TIMEOUT_SECONDS = 5
# In the environment of a process whose supervisor holds the embedded PostgreSQL.
SUPERVISED = "SIGHTLINE_SUPERVISED"


def is_embedded(configuration: Configuration) -> bool:
    """Is the database our own, or did someone name another?"""
    return not configuration.DATABASE_URL


def databases(configuration: Configuration) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: the logins of the app, the owner (migrations) and the worker.

    An external database whose owner or worker has no login of its own is used by one for all.
    """
    if is_embedded(configuration):
        logins = read_logins(configuration.DATA_DIR)
        app, owner, worker = _embedded_urls(logins)
    else:
        app = configuration.DATABASE_URL
        owner = configuration.DATABASE_OWNER_URL or app
        worker = configuration.DATABASE_WORKER_URL or app
    return {
        "default": _database("DATABASE_URL", app),
        "owner": _database("DATABASE_OWNER_URL", owner),
        "worker": _database("DATABASE_WORKER_URL", worker),
    }


def _embedded_urls(logins: Logins | None) -> tuple[str, str, str]:
    if logins is None:  # before the first start: nothing to log in to yet
        return ("postgres:///sightline",) * 3
    return logins.url("web"), logins.url("owner"), logins.url("worker")


def _database(variable: str, url: str) -> dict[str, Any]:
    database = dict(environ.Env.db_url_config(url))
    if database.get("ENGINE") != "django.db.backends.postgresql":
        scheme = url.partition(":")[0]
        raise ConfigurationError(
            f"{variable} starts with {scheme!r}: only PostgreSQL will do,"
            " as in postgres://login:password@host:5432/name."
        )
    options = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **database.get("OPTIONS", {})}
    return {**POOL_OPTIONS, **database, "OPTIONS": options}
