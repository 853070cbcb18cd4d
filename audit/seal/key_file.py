"""Reads and writes the file of the keys that sign: PEM blocks (PKCS #8, Ed25519), newest first."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.errors import AuditError

MODE = 0o600
MAX_BYTES = 64 * 2**10
_BLOCK = re.compile(rb"-----BEGIN PRIVATE KEY-----\r?\n[^-]+-----END PRIVATE KEY-----")


class KeyFileMissing(AuditError):
    """There is no such file."""


class KeyFileUnusable(AuditError):
    """The file can't be read, or holds no key that can sign; the message says which."""


def read_key_file(path: Path) -> tuple[Ed25519PrivateKey, ...]:
    """Return the keys of a file, newest first. Raises KeyFileMissing, KeyFileUnusable."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise KeyFileMissing(f"{path} is not there.") from None
    except OSError as error:
        raise KeyFileUnusable(f"{path} can't be read: {error.strerror}.") from None
    blocks = _BLOCK.findall(content) if len(content) <= MAX_BYTES else []
    if not blocks:
        raise KeyFileUnusable(f"{path} holds no private key in PEM (PKCS #8).")
    return tuple(_key(block, path) for block in blocks)


def _key(block: bytes, path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(block, password=None)
    except (ValueError, TypeError):
        raise KeyFileUnusable(f"A private key in {path} can't be read.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileUnusable(f"A private key in {path} is not of Ed25519.")
    return key


def write_key_file(path: Path, keys: Sequence[Ed25519PrivateKey]) -> None:
    """Write keys, newest first, in place of what was there: whole or not at all, for the owner of
    this process alone.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    with os.fdopen(handle, "wb") as file:
        for key in keys:
            file.write(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def loose_mode(path: Path) -> int | None:
    """Return the mode of a key file that others than its owner may use, or None."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    return mode if mode & 0o077 else None
