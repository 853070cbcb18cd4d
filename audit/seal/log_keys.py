"""Knows the keys that sign the logs: public halves in the database, secret ones in a file.

A key in the file signs only where the database has it as one that signs now: a file that was lost,
or put in place of another, is told and nothing is signed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from audit.conf import audit_settings
from audit.errors import AuditError
from audit.log.cursor import psycopg_cursor
from audit.roles import SEALER, acting_as

from .key_file import KeyFileMissing, KeyFileUnusable, read_key_file, write_key_file

OVERLAP = timedelta(days=7)
# The two numbers of the advisory lock of whoever makes keys: "audi", "keys".
KEYS_LOCK = (0x61756469, 0x6B657973)


class LogKeyRefused(AuditError):
    """A key can't be made or replaced like this; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """public: 32 bytes; ends_at: when it stops signing, None for the newest"""

    public: bytes
    made_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """keys: those that sign now, newest first; problem: why there is none, or not the newest.

    problem is None, or one of `off` (the settings name no file), `none` (none was ever made),
    `missing`, `unreadable`, `replaced`.
    """

    keys: Sequence[Ed25519PrivateKey]
    problem: str | None = None
    message: str = ""


def key_path() -> Path | None:
    """Return the file that the settings name, or None where nothing is to be signed."""
    given = audit_settings().SIGNING_KEY_FILE
    return Path(given) if given else None


def list_keys(cursor: psycopg.Cursor[Any]) -> Sequence[KeyRow]:
    """Return every key that signs or signed, newest first."""
    cursor.execute(
        "SELECT public, made_at, ends_at FROM audit_logkey"
        " ORDER BY ends_at DESC NULLS FIRST, made_at DESC"
    )
    return [
        KeyRow(public=bytes(public), made_at=made_at, ends_at=ends_at)
        for public, made_at, ends_at in cursor
    ]


def signing_keys(cursor: psycopg.Cursor[Any], *, now: datetime) -> SigningKeys:
    """Return the keys that sign now, or why none does."""
    path, rows = key_path(), list_keys(cursor)
    if path is None:
        return SigningKeys(keys=(), problem="off", message="No file is named for a key.")
    if not rows:
        return SigningKeys(
            keys=(), problem="none", message="The log has no key yet: `manage.py log_key new`."
        )
    try:
        kept = {public_bytes(key): key for key in read_key_file(path)}
    except KeyFileMissing as error:
        return SigningKeys(keys=(), problem="missing", message=str(error))
    except KeyFileUnusable as error:
        return SigningKeys(keys=(), problem="unreadable", message=str(error))
    live = [row.public for row in rows if row.ends_at is None or row.ends_at > now]
    newest = rows[0].public
    if newest not in kept:
        return SigningKeys(
            keys=(),
            problem="replaced",
            message=f"{path} does not hold the log's key, whose public half is {newest.hex()}.",
        )
    return SigningKeys(keys=[kept[public] for public in live if public in kept])


def make_key(*, using: str, now: datetime) -> Ed25519PrivateKey:
    """Make the installation's first key, or take the newest of the file that the settings name.

    Raises LogKeyRefused where there was one before, or the file can't be used.
    """
    path = _wanted_path()
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        _lock(cursor)
        if list_keys(cursor):
            raise LogKeyRefused(
                "The log has a key: `log_key rotate` makes a newer one; where its file is lost,"
                " `log_key rotate --lost`."
            )
        try:
            key = read_key_file(path)[0]
        except KeyFileMissing:
            key = Ed25519PrivateKey.generate()
            _write(path, [key])
        except KeyFileUnusable as error:
            raise LogKeyRefused(f"{error} Move the file away, or mend it.") from None
        _add(cursor, key, now=now)
    return key


def rotate_key(*, using: str, now: datetime, is_lost: bool = False) -> Ed25519PrivateKey:
    """Make a newer key; the one before signs besides it for OVERLAP, unless its file is lost.

    The new one is in the file before it is in the database: a crash in between leaves the old one
    signing. Raises LogKeyRefused.
    """
    path = _wanted_path()
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        _lock(cursor)
        found = signing_keys(cursor, now=now)
        if found.problem == "none":
            raise LogKeyRefused(found.message)
        if found.problem and not is_lost:
            raise LogKeyRefused(
                f"{found.message} Bring the file back; if it is lost for good, say"
                " `log_key rotate --lost`, and what was signed stays as it is."
            )
        key = Ed25519PrivateKey.generate()
        _write(path, [key, *found.keys])
        with acting_as(cursor, SEALER):
            cursor.execute(
                "UPDATE audit_logkey SET ends_at = %s WHERE ends_at IS NULL",
                [now if found.problem else now + OVERLAP],
            )
        _add(cursor, key, now=now)
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """Return the public half of a key, 32 bytes."""
    return key.public_key().public_bytes_raw()


def _wanted_path() -> Path:
    path = key_path()
    if path is None:
        raise LogKeyRefused("AUDIT['SIGNING_KEY_FILE'] names no file: say where the key is to be.")
    return path


def _write(path: Path, keys: Sequence[Ed25519PrivateKey]) -> None:
    try:
        write_key_file(path, keys)
    except OSError as error:
        raise LogKeyRefused(f"{path} can't be written: {error.strerror}.") from error


def _lock(cursor: psycopg.Cursor[Any]) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", KEYS_LOCK)


def _add(cursor: psycopg.Cursor[Any], key: Ed25519PrivateKey, *, now: datetime) -> None:
    with acting_as(cursor, SEALER):
        cursor.execute(
            "INSERT INTO audit_logkey (public, made_at) VALUES (%s, %s)", [public_bytes(key), now]
        )
