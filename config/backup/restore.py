"""Brings a backup back into an empty database: all of it in one transaction, or nothing."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from tqdm import tqdm

from audit.roles import OWNER, apply_privileges

from ..errors import CannotStart
from ..start import prepare_database
from .manifest import DATABASE, Manifest, check_files, count_events, read_manifest
from .programs import owners_access, run_program

# How pg_restore tells, with --verbose, of each thing that it makes.
_STEP = re.compile("(creating|processing|executing) ")


def restore_backup(source: Path) -> Manifest:
    """Check a backup, restore it, and bring its tables to this version.

    Raises CannotStart; then the database is as empty as before.
    """
    manifest = read_manifest(source)
    access = owners_access()
    with access.connect(autocommit=True) as connection:
        _check_is_empty(connection)
        check_files(source, manifest)
        role = _owner_role(connection)
    words = [
        *("pg_restore", "--single-transaction", "--exit-on-error"),
        *("--no-owner", "--no-privileges", "--verbose", *role, str(source / DATABASE)),
    ]
    with tqdm(desc="restoring", unit=" steps", disable=None) as bar:
        run_program(words, access=access, begins=_STEP, on_begin=bar.update)
    with access.connect(autocommit=True) as connection:
        found = count_events(connection)
        if found != manifest.events:
            raise CannotStart(
                f"What was restored has {found} events, and the backup tells of {manifest.events}."
            )
        connection.execute("ANALYZE")
    prepare_database()
    apply_privileges(using="owner")
    return manifest


def _check_is_empty(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = current_schema()::regnamespace LIMIT 1"
    ).fetchone()
    if row:
        raise CannotStart(
            f"The database is not empty (it has the table {row[0]}): a backup is restored into a"
            " new one, as with another DATA_DIR."
        )


def _owner_role(connection: psycopg.Connection) -> list[str]:
    """Return the option by which all belongs to the role that owns everything, where it exists."""
    row = connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')", [OWNER]
    ).fetchone()
    return [f"--role={OWNER}"] if row else []
