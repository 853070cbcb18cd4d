"""Which events are measured? Twelve months of a large company, the same for the same seed.

Workspaces, people and apps are skewed as Zipf says: rank r is met 1/r as often as rank 1. Everybody
belongs to one workspace, and a workspace to one country, but for a few who roam: so two values can
both be frequent and never meet. Some values are rare, and lie in the first month alone.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

ENVIRONMENTS = {"prod": 0.70, "staging": 0.25, "dev": 0.05}
EMPTY_ENVIRONMENT = "drill"
WORKSPACES = 120
PEOPLE_EACH = 50
APPS_EACH = 20
ROAMING = 200
ROAMING_SHARE = 0.05
DAYS = 365
RARE_EVENTS = 7
# frequent, middling, rare: how often each of the 37 types is met, out of 100,000
TYPES = {
    "APPLICATION_VIEW": 42_000,
    "QUERY_EXECUTION": 33_000,
    "USER_LOGIN": 7_000,
    "API_CALL_EVENT": 5_000,
    "APPLICATION_UPDATE": 4_000,
    "USER_LOGOUT": 3_000,
    "SERVER_INFO": 1_000,
    "DATA_SOURCE_UPDATE": 600,
    "APPLICATION_PUBLISH": 500,
    "APPLICATION_VERSION_CHANGE": 400,
    "LIBRARY_QUERY_UPDATE": 400,
    "APPLICATION_CREATE": 350,
    "GROUP_MEMBER_ADD": 300,
    "APPLICATION_PERMISSION_CHANGE": 300,
    "APPLICATION_MOVE": 250,
    "APPLICATION_SHARING_CHANGE": 200,
    "FOLDER_CREATE": 200,
    "FOLDER_UPDATE": 150,
    "GROUP_MEMBER_ROLE_UPDATE": 150,
    "GROUP_MEMBER_REMOVE": 150,
    "APPLICATION_RECYCLED": 120,
    "DATA_SOURCE_CREATE": 120,
    "DATA_SOURCE_PERMISSION_GRANT": 110,
    "LIBRARY_QUERY_CREATE": 100,
    "LIBRARY_QUERY_PUBLISH": 100,
    "GROUP_CREATE": 90,
    "GROUP_UPDATE": 80,
    "APPLICATION_RESTORE": 60,
    "APPLICATION_DELETE": 60,
    "DATA_SOURCE_PERMISSION_UPDATE": 50,
    "GROUP_MEMBER_LEAVE": 40,
    "FOLDER_DELETE": 40,
    "DATA_SOURCE_PERMISSION_DELETE": 30,
    "LIBRARY_QUERY_DELETE": 20,
    "DATA_SOURCE_DELETE": 15,
    "SERVER_START_UP": 10,
    "GROUP_DELETE": 5,
}
OUTCOMES = {"success": 97_000, "failure": 2_950, "denied": 50}
COUNTRIES = ("DE", "FR", "NO", "GB", "US", "BR", "JP", "KE", "IN", "PL", "SE", "CA")
RARE_COUNTRY = "IS"
_DESKTOP = "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0"
_SYSTEMS = ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7")
_BROWSERS = {
    _DESKTOP + " Safari/537.36": 60,
    _DESKTOP + " Safari/537.36 Edg/{n}.0.0.0": 15,
    "Mozilla/5.0 ({system}; rv:{n}.0) Gecko/20100101 Firefox/{n}.0": 14,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/{n}.5 Mobile/15E148 Safari/604.1": 6,
    _DESKTOP + " Safari/537.36 OPR/{n}.0.0.0": 3,
    "python-requests/2.{n}.3": 2,
}
RARE_USER_AGENT = "Mozilla/5.0 (X11; Linux) KHTML/4.9.1 (like Gecko) Konqueror/4.9"
_WORDS = (
    *("orders", "invoice", "customer", "shipment", "region", "price", "total", "monthly"),
    *("refund", "contract", "stock", "supplier", "ticket", "budget", "payroll", "forecast"),
    *("asset", "survey", "incident", "roadmap", "table", "column", "filter", "button"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an id, where they come from and what they use."""

    id: str
    name: str
    email: str
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Of one facet: a value that is met often, now and then, almost never, and never."""

    frequent: str
    middling: str
    rare: str
    absent: str


# What a search is measured with. The middling browser and the middling country never meet.
VALUES = {
    "environment": Values(
        frequent="prod", middling="staging", rare="dev", absent=EMPTY_ENVIRONMENT
    ),
    "workspace": Values(frequent="w1", middling="w18", rare="w-rare", absent="w-none"),
    "actor": Values(frequent="u1-1", middling="u18-3", rare="u-rare", absent="u-none"),
    "application": Values(frequent="a1-1", middling="a18-3", rare="a-rare", absent="a-none"),
    "type": Values(
        frequent="APPLICATION_VIEW",
        middling="GROUP_MEMBER_ADD",
        rare="GROUP_DELETE",
        absent="NO_SUCH_TYPE",
    ),
    "outcome": Values(frequent="success", middling="failure", rare="denied", absent="denied"),
    "country": Values(frequent="DE", middling="JP", rare=RARE_COUNTRY, absent="ZZ"),
    "browser": Values(frequent="Chrome", middling="Opera", rare="Konqueror", absent="Lynx"),
}


class Company:
    """Who works where; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        agents, weights = list(_BROWSERS), list(_BROWSERS.values())
        self.people: list[list[Person]] = []
        for workspace in range(1, WORKSPACES + 1):
            country = country_of(workspace)
            # Where the middling country is at home nobody uses the middling browser.
            fitting = [
                0 if country == "JP" and "OPR" in a else w
                for a, w in zip(agents, weights, strict=True)
            ]
            self.people.append(
                [
                    _person(f"u{workspace}-{n}", country, rng, rng.choices(agents, fitting)[0])
                    for n in range(1, PEOPLE_EACH + 1)
                ]
            )
        self.roaming = [
            _person(f"r{n}", rng.choice(COUNTRIES[:6]), rng, rng.choices(agents, weights)[0])
            for n in range(1, ROAMING + 1)
        ]
        self.rare = Person("u-rare", "Rare Bird", "rare@example.com", "81.200.0.9", RARE_USER_AGENT)


def country_of(workspace: int) -> str:
    """Return the country that a workspace is at home in."""
    return COUNTRIES[(workspace - 1) % len(COUNTRIES)]


def _person(id_: str, country: str, rng: random.Random, agent: str) -> Person:
    block = (*COUNTRIES, RARE_COUNTRY).index(country)
    return Person(
        id_,
        f"Person {id_}",
        f"{id_}@example.com",
        f"81.{block * 16 + rng.randrange(8)}.{rng.randrange(256)}.{rng.randrange(1, 255)}",
        agent.format(system=rng.choice(_SYSTEMS), n=rng.randrange(120, 145)),
    )


def documents(
    count: int,
    *,
    seed: int,
    start: datetime,
    days: float = DAYS,
    prefix: str = "e",
    has_rare: bool = False,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (environment, native event) in the order of time.

    prefix: of the senders' ids; has_rare: the first few are those of rare people and things
    """
    rng = random.Random(seed)
    company = Company(seed=4)
    workspaces = _Zipf(WORKSPACES, rng)
    people, apps = _Zipf(PEOPLE_EACH, rng), _Zipf(APPS_EACH, rng)
    types, outcomes = _Weighted(TYPES, rng), _Weighted(OUTCOMES, rng)
    environments = _Weighted(ENVIRONMENTS, rng)
    step = timedelta(days=days) / count
    for n in range(count):
        at = start + step * (n + rng.random())
        is_rare = has_rare and n < RARE_EVENTS
        number = workspaces.pick() + 1
        person = (
            company.rare
            if is_rare
            else company.roaming[rng.randrange(ROAMING)]
            if rng.random() < ROAMING_SHARE
            else company.people[number - 1][people.pick()]
        )
        app = "-rare" if is_rare else f"{number}-{apps.pick() + 1}"
        code = types.pick()
        yield (
            environments.pick(),
            {
                "id": f"{prefix}{n:08x}",
                "time": at.isoformat(timespec="microseconds"),
                "type": code,
                "outcome": outcomes.pick(),
                "workspace": {
                    "id": "w-rare" if is_rare else f"w{number}",
                    "name": f"Space {number}",
                },
                "actor": {
                    "id": person.id,
                    "name": person.name,
                    "email": person.email,
                    "type": "user",
                },
                "application": {"id": f"a{app}", "gid": f"g{app}", "name": f"App {app}"},
                **_more(code, number, n, rng),
                "context": {
                    "ip": person.address,
                    "user_agent": person.user_agent,
                    "request_id": f"{rng.getrandbits(64):016x}",
                },
                "details": _details(code, app, rng),
            },
        )


def _more(code: str, workspace: int, n: int, rng: random.Random) -> dict[str, Any]:
    """What some kinds of event have: members as targets, a group or query as the resource."""
    if code.startswith("GROUP_"):
        group = f"grp{workspace}-{n % 5}"
        resource = {"resource": {"type": "group", "id": group, "name": f"Group {group}"}}
        if "MEMBER" not in code:
            return resource
        member = f"u{workspace}-{rng.randrange(1, PEOPLE_EACH + 1)}"
        return {**resource, "targets": [{"type": "user", "id": member, "name": f"Person {member}"}]}
    if code == "QUERY_EXECUTION":
        query = f"q{workspace}-{n % 40}"
        return {"resource": {"type": "query", "id": query, "name": f"Query {query}"}}
    return {}


def _details(code: str, app: str, rng: random.Random) -> dict[str, Any]:
    """300 to 700 bytes of JSON, most of them shorter than 350."""
    words = 25 + min(int(rng.expovariate(1 / 4)), 45)
    return {
        "applicationCategory": "business",
        "applicationTitle": f"App {app}",
        "operation": code.lower(),
        "durationMs": rng.randrange(5_000),
        "attempt": 1,
        "description": " ".join(rng.choices(_WORDS, k=words)),
    }


class _Zipf:
    """Ranks from 0, each 1/(rank + 1) as often as the first."""

    def __init__(self, size: int, rng: random.Random) -> None:
        self._edges = list(accumulate(1 / rank for rank in range(1, size + 1)))
        self._rng = rng

    def pick(self) -> int:
        return bisect(self._edges, self._rng.random() * self._edges[-1])


class _Weighted:
    """Words, each as often as its weight says."""

    def __init__(self, weights: dict[str, Any], rng: random.Random) -> None:
        self._words = list(weights)
        self._edges = list(accumulate(weights.values()))
        self._rng = rng

    def pick(self) -> str:
        return self._words[bisect(self._edges, self._rng.random() * self._edges[-1])]


def year_before(now: datetime) -> datetime:
    """Return the midnight with which the twelve months begin that end today."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=DAYS
    )
