"""Adds the installation's own masking rules: its own tokens, and REDACT_FILE."""

from __future__ import annotations

from typing import Any

from environments.tokens import INGEST_PREFIX, READ_PREFIX

from .toml_file import read_toml

OWN_PREFIXES = (INGEST_PREFIX, READ_PREFIX)


def redaction(path: str) -> dict[str, Any]:
    """Return AUDIT["REDACT"], with what the file says if there is one; a check looks into it.

    Raises ConfigurationError where the file can't be read or is no TOML.
    """
    given = read_toml(path, "REDACT_FILE")
    prefixes = given.get("token_prefixes", [])
    if isinstance(prefixes, list):
        given["token_prefixes"] = [*OWN_PREFIXES, *prefixes]
    return given
