"""Record, search, page, count and export with what openapi-generator makes for Python."""

import json
import os
import sys
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from openapi_client import (
    ApiClient,
    ApiException,
    Configuration,
    ExportsApi,
    RecordEventsRequest,
    RecordingApi,
    SearchingApi,
    SubmittedEvent,
)

kind, time = os.environ["KIND"], os.environ["TIME"]
# Its host is that of the document's `servers`.
sender = RecordingApi(ApiClient(Configuration(access_token=os.environ["KEY"])))
reading = ApiClient(Configuration(access_token=os.environ["TOKEN"]))
searching, exports = SearchingApi(reading), ExportsApi(reading)


def send(*events: SubmittedEvent, **more: str) -> object:
    return sender.record_events(RecordEventsRequest(list(events)), **more)


def refused(*events: SubmittedEvent, **more: str) -> dict:
    try:
        send(*events, **more)
    except ApiException as error:
        return error.data
    raise AssertionError("It was taken.")


sent = [SubmittedEvent(type=kind, id=str(n), time=time, source="a") for n in range(5)]
receipt = send(*sent, idempotency_key=kind)
conflict = refused(SubmittedEvent(type=kind, id="0", time=time, source="b"))
rejected = refused(SubmittedEvent(type=kind, time="never"))
reused = refused(SubmittedEvent(type=kind), idempotency_key=kind)
found, pages, cursor = [], 0, None
while pages == 0 or cursor:
    page = searching.find_events(
        type=[kind],
        sender=[int(os.environ["SENDER"])],
        var_from="-2d",
        fields=["submitted_id", "type"],
        page_size=2,
        cursor=cursor,
    )
    pages += 1
    found += [event.submitted_id for event in page.results]
    cursor = parse_qs(urlsplit(page.next or "").query).get("cursor", [None])[0]
export = exports.export_events_with_http_info("ndjson", type=[kind])
headers = {name.lower(): value for name, value in export.headers.items()}
told = exports.get_export(UUID(headers["export-id"]))
json.dump(
    {
        "recorded": receipt.recorded,
        "problems": [conflict.type, rejected.type, reused.type],
        "pointer": rejected.events[0].errors[0].pointer,
        "found": found,
        "pages": pages,
        "count": searching.count_events(type=[kind]).count,
        "exported": bytes(export.data).count(b"\n"),
        "rows": told.rows,
    },
    sys.stdout,
)
