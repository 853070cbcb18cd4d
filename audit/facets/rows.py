"""Which facets there are, a row each, in the order in which the API tells them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from audit.vocabulary import GROUPS, OUTCOMES

from .facet import Facet

_id = partial(Facet, kind="id")
_text = partial(Facet, kind="text")
_word = partial(Facet, kind="lookup", holds_ids=False)
_ROWS = (
    Facet(
        "environment", "Key of an environment.", kind="environment", example="prod", holds_ids=False
    ),
    _id("workspace", "Id of a workspace.", index="wide", days="day", subject="workspace"),
    _id("actor", "Id of who did it.", example="u1", index="wide", days="month", subject="actor"),
    _id("application", "Id of the application.", index="wide", days="month", subject="application"),
    _word("type", "Type of event.", example="APPLICATION_UPDATE", index="wide", days="day"),
    Facet("group", "Group of types.", kind="group", column="type", words=GROUPS, holds_ids=False),
    Facet(
        "outcome",
        "How it ended.",
        kind="outcome",
        words=OUTCOMES,
        index="wide",
        days="day",
        holds_ids=False,
    ),
    _text("resource_type", "Type of what it was done to."),
    _id("resource", "Id of what it was done to.", index="own", subject="resource"),
    Facet(
        "target",
        "Id of who or what else it was done to.",
        kind="target",
        index="own",
        subject="actor",
        is_counted=False,
    ),
    Facet(
        "ip",
        "Address or network; IPv4 mapped into IPv6 is IPv4.",
        kind="network",
        example="192.0.2.0/24",
        is_counted=False,
    ),
    _word("country", "Two letters (ISO 3166-1).", example="DE", index="carried", days="day"),
    _text("city", "City, as the location file names it.", holds_ids=False),
    _word("browser", "Name of the browser or program.", index="carried", days="day"),
    _word(
        "os",
        "Name of the operating system.",
        column="operating_system",
        index="carried",
        days="day",
    ),
    _word("device_class", "Class of the device.", index="carried", days="day"),
    _text("session", "Session, as the sender calls it.", is_counted=False),
    _text("request_id", "Request, as the sender calls it.", is_counted=False),
    _text("trace", "Trace, as the sender calls it.", is_counted=False),
    _text("source", "Source, as the sender calls it."),
    Facet("sender", "Number of a sender.", kind="number"),
    Facet("key", "Number of an ingest key.", kind="number", is_counted=False),
)
FACETS: Mapping[str, Facet] = {facet.name: facet for facet in _ROWS}
