"""How long does a reader of the API wait for a page, the worst one, and the thousandth?"""

from __future__ import annotations

from .combinations import PAGE
from .figure import Figure
from .reader import Reader, reader_of
from .run import Result, Run
from .servers import web_server

PATH = "/api/v1/events"
FACETS = f"{PATH}/facets?facet=type&facet=actor&facet=application&facet=outcome&facet=country"
THOUSANDTH = 1_000 * PAGE
SLOWEST = 60
SAMPLED = 60
# What no index serves: an address that was never seen, and a word that nobody used.
UNSERVED = (("an address never seen", "ip=198.51.100.77"), ("a word never used", "q=zyzzyva"))


def measure(run: Run) -> Result:
    """Measure through HTTP as JSON, the token's check and all."""
    repeats = run.pick(3, 30, 40)
    addresses = slowest_and_others(run, slowest=SLOWEST, others=SAMPLED)
    with web_server() as web, reader_of(web, run.installation.access) as reader:
        first = page_address("")
        deep = _address_beyond(reader, THOUSANDTH)
        for address in (first, deep) * 5:
            reader.milliseconds(address)
        pages, deeper, facets = [], [], []
        for _ in range(repeats):
            facets.append(reader.milliseconds(FACETS))
            pages.append(reader.milliseconds(first))
            deeper.append(reader.milliseconds(deep))
        worst, times = reader.worst(addresses, times=min(repeats, 5))
        unserved = [
            (name, [reader.milliseconds(page_address(query)) for _ in range(min(repeats, 5))])
            for name, query in UNSERVED
        ]
    return Result(
        figures=[
            Figure(
                name="first page without a filter, JSON by HTTP",
                unit="ms",
                values=pages,
                is_more_better=False,
                value_floor=6,
                value_aim=3,
            ),
            Figure(
                name="first page, the worst of the combinations, JSON by HTTP",
                unit="ms",
                values=times,
                is_more_better=False,
                value_floor=18,
                value_aim=10,
            ),
            Figure(
                name="facets without a filter, JSON by HTTP",
                unit="ms",
                values=facets,
                is_more_better=False,
            ),
            Figure(
                name="page 1,000",
                unit="ms",
                values=deeper,
                reference="page 1",
                references=pages,
                is_more_better=False,
                floor=2,
                aim=1.2,
            ),
            *(
                Figure(
                    name=f"one call of a search that nothing serves: {name}",
                    unit="ms",
                    values=values,
                    is_more_better=False,
                    value_floor=300,
                    value_aim=270,
                )
                for name, values in unserved
            ),
        ],
        notes=f"Slowest by HTTP, of the {SLOWEST} slowest in SQL and some {SAMPLED} others: "
        f"`{worst.partition('?')[2]}`.",
    )


def page_address(query: str) -> str:
    """Return the address of the first page of a search, given as the query of an address."""
    return f"{PATH}?page_size={PAGE}" + (f"&{query}" if query else "")


def slowest_and_others(run: Run, *, slowest: int, others: int) -> list[str]:
    """Return addresses of first pages: of the slowest searches in SQL, and of some of all."""
    combinations = run.kept("combinations")
    searches = list(combinations.searches) if combinations else []
    rest = searches[slowest:]
    found = searches[:slowest] + (rest[:: max(len(rest) // others, 1)] if others else [])
    return [page_address(query) for query in found] or [page_address("")]


def _address_beyond(reader: Reader, events: int) -> str:
    """Walk with large pages, and return the address of the page of PAGE after so many events."""
    address = f"{PATH}?page_size=1000"
    for _ in range(events // 1_000):
        following = reader.document(address)["next"]
        if following is None:
            break
        address = following
    return address.replace("page_size=1000", f"page_size={PAGE}")
