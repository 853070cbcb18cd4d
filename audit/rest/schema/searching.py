"""Searching: what a reader with a token or a session can ask for."""

from __future__ import annotations

from collections.abc import Mapping

from audit.ingest.format import NDJSON
from audit.ingest.formats import formats

from . import parameters as p
from .declare import Answer, Operation, Parameter, Schema, ref
from .examples import EVENT, SENT, SUBJECT, page_of
from .shapes import TEXT

SEARCHING, CHOOSING, REFUSED = "Searching", "Pick-lists", "What was refused"
_SEARCH = ("bad-parameter",)
# Of the events themselves, which may take a while.
_SCAN = (*_SEARCH, "too-many-searches")
_EVENTS = p.FILTERS
_SENT_AS = p.one_of("sent_as", "In which format it came.", tuple(formats()))
_REFUSED = (
    p.ENVIRONMENT,
    next(each for each in p.FILTERS if each.name == "sender"),
    p.moment("from", "Received at this time or later", "-24h"),
    p.moment("to", "Received before this time"),
    _SENT_AS,
)


def _choose(id: str, title: str, shape: str, example: object, *parameters: Parameter) -> Operation:
    return Operation(
        id=id,
        group=CHOOSING,
        title=title,
        says="Those last seen first, of the reader's scope alone.",
        parameters=parameters or (p.PREFIX, p.ENVIRONMENT, p.LIMIT),
        answers={
            200: Answer(
                says="`complete` says whether these are all.",
                schema=ref(shape),
                example={"results": [example], "complete": True},
            )
        },
        problems=_SEARCH,
    )


def _found(says: str, schema: Schema, example: object) -> Mapping[int, Answer]:
    return {200: Answer(says=says, schema=schema, example=example)}


OPERATIONS: Mapping[str, Operation] = {
    "EventsView.get": Operation(
        id="find_events",
        group=SEARCHING,
        title="Find events",
        says="Newest first, page by page along `next`; of one microsecond, those handed in last "
        "come first (where there are more than 10,000 they stand by their ids, at `by_id_at`). A "
        "search that no index serves is bounded: then `complete` is false, `searched_back_to` says "
        "how far it looked, and `next` goes on. "
        "With `order=recorded` the pages follow the log, and `next` is there after an empty one.",
        parameters=(*_EVENTS, p.ORDER, p.FIELD_NAMES, p.CURSOR, p.PAGE_SIZE),
        answers=_found("A page.", ref("EventPage"), page_of([EVENT])),
        problems=(*_SCAN, "bad-cursor"),
    ),
    "EventView.get": Operation(
        id="get_event",
        group=SEARCHING,
        title="Get one event",
        says="What is outside of the reader's scope is answered as what isn't there.",
        parameters=(
            p.EVENT_ID,
            p.FIELD_NAMES,
            Parameter(
                name="If-None-Match",
                says="The `ETag` of what the reader has.",
                schema=TEXT,
                place="header",
            ),
        ),
        answers={
            200: Answer(
                says="The event.",
                schema=ref("Event"),
                example=EVENT,
                headers={"ETag": "Changes when anything of the event as told does."},
            ),
            304: Answer(says="The reader has it already."),
        },
        problems=(*_SEARCH, "not-found"),
    ),
    "CountView.get": Operation(
        id="count_events",
        group=SEARCHING,
        title="Count events",
        says=(
            "Exact where it is counted already (filters by environment, workspace, type, group and "
            "outcome alone). Else what a search finds within its budget of time, up to 10,000: "
            "`is_capped` says that there are, or may be, more than `count`."
        ),
        parameters=_EVENTS,
        answers=_found("The count.", ref("Count"), {"count": 10_000, "is_capped": True}),
        problems=_SCAN,
    ),
    "HistogramView.get": Operation(
        id="get_histogram",
        group=SEARCHING,
        title="Count events by time",
        says="Of all that match: by hour up to ten days, else by day of the installation's zone.",
        parameters=(*_EVENTS, p.BY_WHAT),
        answers=_found(
            "The bars, oldest first, without gaps.",
            ref("Histogram"),
            {
                "interval": "hour",
                "zone": "UTC",
                "by": "type",
                "total": 3,
                "buckets": [
                    {
                        "start": "2026-03-05T08:00:00.000000Z",
                        "end": "2026-03-05T09:00:00.000000Z",
                        "counts": {"APPLICATION_UPDATE": 3},
                    }
                ],
            },
        ),
        problems=_SCAN,
    ),
    "FacetsView.get": Operation(
        id="get_facets",
        group=SEARCHING,
        title="Count events by value",
        says="The most frequent values. Exact for environment, type, group and outcome where the "
        "filters are these and workspace, else of the newest 10,000 that match: then `complete` "
        "is false, and `searched_back_to` says how far that is.",
        parameters=(*_EVENTS, p.FACET, p.LIMIT),
        answers=_found(
            "The facets, in the order asked for.",
            ref("Facets"),
            {
                "facets": [
                    {
                        "facet": "country",
                        "values": [{"value": "DE", "name": None, "count": 12}],
                        "total": 14,
                        "without": 2,
                        "complete": True,
                        "searched_back_to": None,
                    }
                ]
            },
        ),
        problems=_SCAN,
    ),
    "ActorsView.get": _choose("find_actors", "Who did something", "Subjects", SUBJECT),
    "ApplicationsView.get": _choose(
        "find_applications",
        "Applications",
        "Subjects",
        {**SUBJECT, "id": "a1", "gid": "g1", "name": "Orders", "email": None},
    ),
    "WorkspacesView.get": _choose(
        "find_workspaces",
        "Workspaces",
        "Subjects",
        {**SUBJECT, "id": "w1", "name": "Sales", "email": None},
    ),
    "ResourcesView.get": _choose(
        "find_resources",
        "What something was done to",
        "Subjects",
        {**SUBJECT, "id": "q1", "name": "Orders of today", "resource_type": "query", "email": None},
        p.PREFIX,
        p.ENVIRONMENT,
        p.LIMIT,
        p.RESOURCE_TYPE,
    ),
    "EventTypesView.get": _choose(
        "find_event_types",
        "Types of event",
        "EventTypes",
        {
            "code": "APPLICATION_UPDATE",
            "group": "applications",
            "label": "Update application",
            "is_known": True,
            "environments": ["prod"],
            "last_seen": EVENT["time"],
        },
    ),
    "EnvironmentsView.get": _choose(
        "find_environments",
        "Environments",
        "Environments",
        {"key": "prod", "name": "Prod", "colour": "#c2410c", "last_seen": EVENT["time"]},
        p.PREFIX,
    ),
    "RejectedView.get": Operation(
        id="find_rejected",
        group=REFUSED,
        title="Events that were refused",
        says="Kept for 30 days with their reasons, secrets masked; of environments where one has "
        "the ability `rejected`.",
        parameters=(
            *_REFUSED,
            p.CURSOR,
            p.number("page_size", "Events a page.", default=50, highest=200),
        ),
        answers=_found(
            "A page, newest first.",
            ref("RejectedPage"),
            {
                "next": None,
                "results": [
                    {
                        "id": 7,
                        "status": "rejected",
                        "received_at": EVENT["received_at"],
                        "environment": "prod",
                        "sender": {"id": 1, "name": "billing", "key": 1},
                        "sent_as": "native",
                        "index": 0,
                        "errors": [{"pointer": "/type", "message": "is missing"}],
                        "body": "{}",
                        "is_cut": False,
                    }
                ],
            },
        ),
        problems=(*_SEARCH, "bad-cursor"),
    ),
    "RejectedCountsView.get": Operation(
        id="count_rejected",
        group=REFUSED,
        title="How many were refused",
        says="Of each sender on each day (UTC), newest day first.",
        parameters=_REFUSED,
        answers=_found(
            "The counts.",
            ref("RejectedCounts"),
            {
                "results": [
                    {
                        "day": "2026-03-05",
                        "environment": "prod",
                        "sender": {"id": 1, "name": "billing"},
                        "rejected": 3,
                        "kept": 3,
                    }
                ]
            },
        ),
        problems=_SEARCH,
    ),
    "RejectedDownloadView.get": Operation(
        id="download_rejected",
        group=REFUSED,
        title="Download what was refused",
        says="One event a line, oldest first: mend it, and send it in again. It takes the ability "
        "`personal`, too.",
        parameters=_REFUSED,
        answers={
            200: Answer(
                says="The events.",
                schema={"type": "string", "format": "binary"},
                media_type=NDJSON,
                example='{"id": "' + SENT["id"] + '", "time": "yesterday"}\n',
            )
        },
        problems=(*_SEARCH, "not-allowed"),
    ),
}
