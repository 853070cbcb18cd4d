"""Declares Lowcoder's client, health checks, and the reference itself."""

from __future__ import annotations

from collections.abc import Mapping

from audit.query.lowcoder import NAMES
from audit.query.numbered_pages import DEPTH

from . import parameters as p
from .declare import Answer, Operation, ref
from .examples import EVENT
from .shapes import ANYTHING

LOWCODER, HEALTH, ITSELF = "Lowcoder's client", "Health", "This reference"
_FILTERS = (
    *(p.text(theirs, f"As `{ours}` of a search.") for theirs, ours in NAMES.items()),
    p.text("eventId", "The event's UUID."),
)
_PAGING = (
    p.number("pageNum", "The page, from 1.", default=1, highest=10**9),
    p.number("pageSize", "Events a page.", default=25, highest=DEPTH),
)
_READY = {
    "status": "ok",
    "checks": {
        "database": {"ok": True},
        "disk": {"ok": True},
        "worker": {"ok": True},
        "backlog": {"ok": True},
        "sealing": {"ok": True},
        "verification": {"ok": True},
    },
}

OPERATIONS: Mapping[str, Operation] = {
    "AuditLogsView.get": Operation(
        id="lowcoder_audit_logs",
        group=LOWCODER,
        title="Events, with Lowcoder's names",
        says=f"Pages by number, up to {DEPTH:,} events deep; `environmentId` is our key.",
        parameters=(*_FILTERS, *_PAGING),
        answers={
            200: Answer(
                says="A page, newest first.",
                schema=ref("LowcoderEvents"),
                example={
                    "data": [
                        {
                            "id": EVENT["id"],
                            "eventType": EVENT["type"],
                            "eventTime": EVENT["time"],
                            "environmentId": "prod",
                            "orgId": "w1",
                            "userId": "u1",
                            "appId": "a1",
                            "details": {"applicationName": "Orders"},
                        }
                    ],
                    "totalCount": 1,
                },
                headers={"X-Total-Count-Capped": "`true` where there are more than `totalCount`."},
            )
        },
        problems=("bad-parameter", "too-many-searches"),
    ),
    "StatisticsView.get": Operation(
        id="lowcoder_statistics",
        group=LOWCODER,
        title="How many of each type",
        says="The most frequent first.",
        parameters=(
            *_FILTERS,
            *_PAGING,
            p.one_of("groupByParam", "What is counted by.", ("eventTypeId",)),
        ),
        answers={
            200: Answer(
                says="The counts.",
                schema=ref("LowcoderStatistics"),
                example={"data": [{"eventType": "USER_LOGIN", "groupCountResult": 12}]},
            )
        },
        problems=("bad-parameter", "too-many-searches"),
    ),
    "LiveView.get": Operation(
        id="is_live",
        group=HEALTH,
        title="Is the process alive?",
        says="Answers without a look at anything else.",
        who=(),
        answers={200: Answer(says="It is.", schema=ref("Health"), example={"status": "ok"})},
    ),
    "ReadyView.get": Operation(
        id="is_ready",
        group=HEALTH,
        title="Can it do its work?",
        says="503 where recording would fail; a late worker is told, but stops nobody. For who"
        " has the ability `health`, figures stand beside each `ok`.",
        who=(),
        answers={
            200: Answer(says="It can.", schema=ref("Health"), example=_READY),
            503: Answer(
                says="It can't.",
                schema=ref("Health"),
                example={
                    "status": "unavailable",
                    "checks": {"database": {"ok": False, "reason": "disk-full"}},
                },
            ),
        },
        problems=("unauthenticated", "forbidden"),
    ),
    "DocumentView.get": Operation(
        id="get_openapi",
        group=ITSELF,
        title="This reference as OpenAPI 3.1",
        says="For programs; for people it is at `/api/docs/`.",
        who=(),
        answers={200: Answer(says="The document.", schema=ANYTHING, example={"openapi": "3.1.0"})},
    ),
}
