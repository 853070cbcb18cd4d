"""Reads the key that this installation signs with, and makes it once."""

from __future__ import annotations

import secrets
from pathlib import Path

from .private_file import write_private


def secret_key(data_dir: Path) -> str:
    """Return the installation's key, made on first use and kept in `DATA_DIR/secret_key`."""
    path = data_dir / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(64) + "\n")
        return path.read_text().strip()
