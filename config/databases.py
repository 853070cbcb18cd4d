"""Configures the database logins of each part of the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import environ

from .configuration import ConfigurationError
from .postgres.logins import Logins, read_logins
from .variables import Configuration

POOL_OPTIONS = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
CONNECT_TIMEOUT_SECONDS = 5
# alias → the variable that names its login at an external PostgreSQL
VARIABLES: Mapping[str, str] = {
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "worker": "DATABASE_WORKER_URL",
    "reader": "DATABASE_READER_URL",
}
# In the environment of a process whose supervisor holds the embedded PostgreSQL.
SUPERVISED = "SIGHTLINE_SUPERVISED"


def is_embedded(configuration: Configuration) -> bool:
    """Is the database our own, or did someone name another?"""
    return not configuration.DATABASE_URL


def databases(configuration: Configuration) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: the logins of the app, the owner (migrations), the worker, and,
    where readers have one of their own, the reader.

    An external database whose owner or worker has no login of its own is used by one for all.
    """
    if is_embedded(configuration):
        urls = _embedded_urls(read_logins(configuration.DATA_DIR))
    else:
        app = configuration.DATABASE_URL
        urls = {
            "default": app,
            "owner": configuration.DATABASE_OWNER_URL or app,
            "worker": configuration.DATABASE_WORKER_URL or app,
            "reader": configuration.DATABASE_READER_URL,
        }
    return {alias: _database(VARIABLES[alias], url) for alias, url in urls.items() if url}


def has_reader(configuration: Configuration) -> bool:
    """Do readers have a login of their own, and so connections?"""
    return is_embedded(configuration) or bool(configuration.DATABASE_READER_URL)


def _embedded_urls(logins: Logins | None) -> Mapping[str, str]:
    if logins is None:  # before the first start: nothing to log in to yet
        return dict.fromkeys(VARIABLES, "postgres:///sightline")
    names = {"default": "web", "owner": "owner", "worker": "worker", "reader": "reader"}
    # A version before this one made fewer; the next start makes what is missing.
    return {a: logins.url(name) for a, name in names.items() if name in logins.passwords}


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
