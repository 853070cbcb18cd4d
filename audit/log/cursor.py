"""Makes psycopg's own cursor on Django's connection."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connections


def psycopg_cursor(using: str) -> psycopg.Cursor[Any]:
    """Return psycopg's own cursor on Django's connection: it binds on the server.

    Django's default cursor writes every value into the statement, arrays too (120 µs an event).
    Django sees no error of this one, so a broken connection is looked for before.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        connection.close_if_health_check_failed()
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)
