"""Keeps the port and the passwords of the embedded PostgreSQL."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from psycopg.conninfo import make_conninfo

from ..private_file import write_private

DATABASE = "sightline"
NAMES = ("owner", "web", "worker", "reader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """What `DATA_DIR/database.json` holds.

    passwords: by short name, one for each of NAMES
    """

    socket_directory: str
    port: int
    passwords: Mapping[str, str]

    def url(self, name: str, database: str = DATABASE) -> str:
        """Return the address of a database through the socket, as django-environ reads it."""
        password = quote(self.passwords[name], safe="")
        directory = quote(self.socket_directory)
        return f"postgres://{login_name(name)}:{password}@:{self.port}/{directory}/{database}"


def conninfo(logins: Logins, name: str, database: str) -> str:
    """Return the same as libpq's connection string."""
    return make_conninfo(
        host=logins.socket_directory,
        port=logins.port,
        user=login_name(name),
        password=logins.passwords[name],
        dbname=database,
    )


def login_name(name: str) -> str:
    """Return the name that PostgreSQL knows a login by."""
    return f"sightline_{name}"


def new_logins(
    *, socket_directory: Path, port: int, known: Mapping[str, str] = MappingProxyType({})
) -> Logins:
    """Return logins with new random passwords, but for those that are known."""
    return Logins(
        socket_directory=str(socket_directory),
        port=port,
        passwords={name: known.get(name) or secrets.token_urlsafe(24) for name in NAMES},
    )


def read_logins(data_dir: Path) -> Logins | None:
    """Return the logins of a data directory, or None before its database has been made."""
    try:
        return Logins(**json.loads(_path(data_dir).read_text()))
    except FileNotFoundError:
        return None


def write_logins(data_dir: Path, logins: Logins) -> None:
    """Keep the logins, readable by nobody else."""
    text = json.dumps(
        {
            "socket_directory": logins.socket_directory,
            "port": logins.port,
            "passwords": dict(logins.passwords),
        },
        indent=1,
    )
    write_private(_path(data_dir), text + "\n")


def _path(data_dir: Path) -> Path:
    return data_dir / "database.json"
