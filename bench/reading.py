"""How long does a reader wait for a page, the thousandth page, and the bars of a year?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import msgspec

from .figure import Figure
from .installation import OURS, Installation, web_server
from .senders import Connection, get_request

PATH = "/api/v1/events"
PAGE = 50
THOUSANDTH = 1_000 * PAGE


def measure_reading(installation: Installation, *, repeats: int) -> list[Figure]:
    """Measure through HTTP as JSON, the token's check and all."""
    with web_server(OURS) as port, Connection(port) as connection:

        def get(address: str) -> Any:
            parts = urlsplit(address)
            request = get_request(f"{parts.path}?{parts.query}", installation.read_token)
            answer = connection.send(request)
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} for {address}: {answer.body[:300]!r}")
            return msgspec.json.decode(answer.body), answer.seconds * 1_000

        first = f"{PATH}?page_size={PAGE}"
        deep = _address_beyond(get, THOUSANDTH)
        year = f"{PATH}/histogram?from=-365d&by=type"
        for address in (first, deep, year) * 5:
            get(address)
        pages, deeper, bars, raw = [], [], [], []
        for _ in range(repeats):
            pages.append(get(first)[1])
            deeper.append(get(deep)[1])
            bars.append(get(year)[1])
        for _ in range(3):
            raw.append(_raw_milliseconds())
    return [
        Figure(name="first page of 50, JSON", unit="ms", values=pages, is_more_better=False),
        Figure(
            name="page 1,000",
            unit="ms",
            values=deeper,
            reference="page 1",
            references=pages,
            is_more_better=False,
            floor=0.5,
            aim=0.83,
        ),
        Figure(
            name="histogram of 12 months by type, JSON",
            unit="ms",
            values=bars,
            reference="counted from the events in SQL",
            references=raw,
            is_more_better=False,
            floor=3,
            aim=50,
        ),
    ]


def _address_beyond(get: Callable[[str], Any], events: int) -> str:
    """Walk with large pages, and return the address of the page of PAGE after so many events."""
    address = f"{PATH}?page_size=1000"
    for _ in range(events // 1_000):
        document, _ = get(address)
        if document["next"] is None:
            break
        address = document["next"]
    return address.replace("page_size=1000", f"page_size={PAGE}")


def _raw_milliseconds() -> float:
    """The same bars without rollups, by the statement that the product itself would use."""
    from audit.conf import Scope, audit_settings
    from audit.query import EventQuery
    from audit.query.rollups import count_raw
    from audit.record.store import own_cursor

    from .dataset import ENVIRONMENTS

    cursor = own_cursor(audit_settings().DATABASE)
    query = EventQuery(scope=Scope(grants=dict.fromkeys(ENVIRONMENTS)))
    end = datetime.now(UTC)
    edges: Sequence[datetime] = [end - timedelta(days=n) for n in range(365, -1, -1)]
    began = perf_counter()
    count_raw(cursor, query, edges)
    return (perf_counter() - began) * 1_000
