"""Numbers the clients of events; each distinct user agent (with hints) is parsed and kept once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
import psycopg
from django.db import transaction

from audit.enrich.device import RULES_VERSION, Device, parse_device
from audit.log import registry

from .submitted import Context

MAX_KNOWN = 20_000
# Anybody may send user agents that nobody has sent before. Beyond this many names of a kind, an
# event can't be filtered by a new one; the client's row still says it.
MAX_LOOKUP_ROWS = 20_000
_encode = msgspec.json.Encoder(order="sorted").encode
DEVICE_FIELDS = Device.__struct_fields__


class ClientNumbers(NamedTuple):
    """What of a client stands in each event's row."""

    id: int
    browser: int | None
    operating_system: int | None
    device_class: int | None


_known: dict[int, ClientNumbers] = {}


def client_of(context: Context | None) -> tuple[str, str] | None:
    """Return user agent and hints (as canonical JSON) of an event, or None where it has neither."""
    if context is None or (not context.user_agent and not context.client_hints):
        return None
    hints = _encode(context.client_hints).decode() if context.client_hints else "{}"
    return (context.user_agent or "").replace("\0", ""), hints


@lru_cache(maxsize=MAX_KNOWN)
def client_hash(client: tuple[str, str]) -> int:
    """Return the signed 64-bit number under which a client is kept."""
    user_agent, hints = client
    digest = blake2b(f"{user_agent}\n{hints}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def ensure_clients(
    cursor: psycopg.Cursor[Any], clients: Iterable[tuple[str, str]], *, using: str
) -> Mapping[tuple[str, str], ClientNumbers]:
    """Return the numbers of the clients, keeping those that are new."""
    wanted = {client: client_hash(client) for client in set(clients)}
    new = {client: number for client, number in wanted.items() if number not in _known}
    numbers = {client: _known[n] for client, n in wanted.items() if n in _known}
    if new:
        numbers |= _add(cursor, new, using=using)
    return numbers


def clear_cache() -> None:
    """Empty the cache."""
    _known.clear()


def _add(
    cursor: psycopg.Cursor[Any], new: Mapping[tuple[str, str], int], *, using: str
) -> dict[tuple[str, str], ClientNumbers]:
    devices = {c: parse_device(c[0] or None, msgspec.json.decode(c[1])) for c in new}
    browsers = _numbers(cursor, registry.BROWSERS, devices, "agent_name", using)
    systems = _numbers(cursor, registry.OPERATING_SYSTEMS, devices, "operating_system_name", using)
    classes = _numbers(cursor, registry.DEVICE_CLASSES, devices, "device_class", using)
    columns = ("id", "user_agent", "client_hints", *DEVICE_FIELDS, "rules_version")
    places = ", ".join(["%s"] * len(columns))
    cursor.executemany(
        f"INSERT INTO audit_client ({', '.join(columns)}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608 (columns of our own)
        [
            (new[c], *c, *(getattr(devices[c], f) for f in DEVICE_FIELDS), RULES_VERSION)
            for c in sorted(new, key=new.__getitem__)
        ],
    )
    added = {
        client: ClientNumbers(
            number,
            browsers.get(devices[client].agent_name or ""),
            systems.get(devices[client].operating_system_name or ""),
            classes.get(devices[client].device_class or ""),
        )
        for client, number in new.items()
    }
    transaction.on_commit(lambda: _remember(added.values()), using=using)
    return added


def _numbers(
    cursor: psycopg.Cursor[Any],
    table: registry.LookupTable,
    devices: Mapping[Any, Device],
    field: str,
    using: str,
) -> dict[str, int]:
    names = {getattr(device, field) for device in devices.values()} - {None}
    return table.find_or_add(cursor, names, using=using, limit=MAX_LOOKUP_ROWS)


def _remember(added: Iterable[ClientNumbers]) -> None:
    if len(_known) > MAX_KNOWN:
        _known.clear()
    _known.update((numbers.id, numbers) for numbers in added)
