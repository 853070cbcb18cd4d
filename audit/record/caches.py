"""Empties what a process caches of the database, when its tables were emptied."""

from __future__ import annotations

from audit.log import event_types as types
from audit.log import generation, registry

from . import clients, secret


def forget_all() -> None:
    """Drop it all; it is read again when it is asked for."""
    for words in registry.ALL:
        words.forget()
    clients.forget()
    secret.forget()
    types.forget()
    generation.forget()
