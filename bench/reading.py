"""How long does a reader wait for a page, the thousandth page, and the bars of a year?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import msgspec
from tqdm import tqdm

from .combinations import all_searches, measure_search
from .figure import Figure
from .installation import OURS, Installation, web_server
from .senders import Connection, get_request

PATH = "/api/v1/events"
PAGE = 50
THOUSANDTH = 1_000 * PAGE
JUDGED_FROM = 5_000_000


def measure_reading(installation: Installation, *, events: int, repeats: int) -> list[Figure]:
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
            # Counting what is there takes ever longer; reading what was counted does not.
            floor=100 if events >= JUDGED_FROM else None,
            aim=500,
        ),
    ]


def measure_combinations(installation: Installation, *, every: int) -> tuple[list[Figure], str]:
    """Measure the first page of every n-th combination of filters; also say which are slowest."""
    empty: tuple[tuple[str, str], ...] = ()
    searches = [search for search in all_searches() if search[0]][::every]
    plain = [measure_search(empty, ()).milliseconds for _ in range(9)]
    measured = [measure_search(*search) for search in tqdm(searches, disable=None)]
    measured.sort(key=lambda one: one.milliseconds, reverse=True)
    whole = [one for one in measured if one.is_complete]
    times = [one.milliseconds for one in measured]
    figures = [
        Figure(name="first page without a filter, SQL", unit="ms", values=plain),
        Figure(
            name=f"first page, the worst of {len(times):,} combinations of filters, SQL",
            unit="ms",
            values=times[:1],
            reference="first page without a filter",
            references=[median(plain)],
            is_more_better=False,
            floor=0.1,
            aim=0.33,
        ),
        Figure(
            name="… of 99 in 100 of them",
            unit="ms",
            values=[quantiles(times, n=100)[98]],
            is_more_better=False,
        ),
        Figure(
            name="… share that looked everywhere within the budget",
            unit="",
            values=[len(whole) / len(measured)],
            reference="all",
            references=[1.0],
            aim=1.0,
        ),
    ]
    lines = [
        f"| `{one.address}` | {one.milliseconds:.1f} | {one.found} | "
        f"{'yes' if one.is_complete else 'no'} |"
        for one in measured[:12]
    ]
    head = "| search | ms | found | looked everywhere |\n|---|---|---|---|\n"
    return figures, head + "\n".join(lines)


def measure_sizes(installation: Installation, events: int) -> list[Figure]:
    """Measure what an event takes on disk, its indexes and receipts in."""
    with installation.connect() as connection:
        row = connection.execute(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c"
            " WHERE c.relkind = 'r' AND (c.relname ~ '^audit_event_(target_)?(\\d{6}|before)'"
            " OR c.relname IN ('audit_submission', 'audit_position'))"
        ).fetchone()
    size = float(row[0]) / events if row else 0.0
    return [
        Figure(
            name="bytes an event on disk, 340-byte details",
            unit="bytes",
            values=[size],
            reference="what was planned",
            references=[900.0],
            is_more_better=False,
            floor=1,
            aim=1.2,
        )
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
