"""Adds the installation's own event types: EVENT_TYPES_FILE."""

from __future__ import annotations

from typing import Any

from audit.vocabulary import unknown

from .configuration import ConfigurationError
from .toml_file import read_toml

# table of the file → key of AUDIT
TABLES = {"groups": "EVENT_GROUPS", "types": "EVENT_TYPES"}


def event_types(path: str) -> dict[str, Any]:
    """Return AUDIT["EVENT_GROUPS"] and AUDIT["EVENT_TYPES"]; a check looks into them.

    Raises ConfigurationError where the file can't be read, is no TOML, or has another table.
    """
    given = read_toml(path, "EVENT_TYPES_FILE")
    for name in given:
        if name not in TABLES:
            raise ConfigurationError(f"EVENT_TYPES_FILE {path}: {unknown('table', name, TABLES)}")
    return {key: given.get(name, ()) for name, key in TABLES.items()}
