"""Adds the installation's own masking rules: its own tokens, and REDACT_FILE."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from environments.tokens import INGEST_PREFIX, READ_PREFIX

from .configuration import ConfigurationError

OWN_PREFIXES = (INGEST_PREFIX, READ_PREFIX)


def redaction(path: str) -> dict[str, Any]:
    """Return AUDIT["REDACT"], with what the file says if there is one; a check looks into it.

    Raises ConfigurationError where the file can't be read or is no TOML.
    """
    given = _read(Path(path).expanduser()) if path else {}
    prefixes = given.get("token_prefixes", [])
    if isinstance(prefixes, list):
        given["token_prefixes"] = [*OWN_PREFIXES, *prefixes]
    return given


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigurationError(f"REDACT_FILE {path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"REDACT_FILE {path} is no TOML: {error}.") from error
