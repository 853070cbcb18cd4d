"""Empties what a process caches of the database, when its tables were emptied."""

from __future__ import annotations

from audit.log import event_types as types
from audit.log import generation, registry

from . import clients, secret


def clear_caches() -> None:
    """Drop it all; it is read again when it is asked for."""
    for table in registry.LOOKUP_TABLES.values():
        table.clear_cache()
    clients.clear_cache()
    secret.clear_cache()
    types.clear_cache()
    generation.clear_cache()
