"""Record, search, page, count and export with what openapi-python-client makes."""

import json
import os
import sys
from urllib.parse import parse_qs, urlsplit

from sightline_client import AuthenticatedClient
from sightline_client.api.exports import export_events, get_export
from sightline_client.api.recording import record_events
from sightline_client.api.searching import count_events, find_events
from sightline_client.models import (
    ExportEventsFormat,
    FindEventsFieldsItem,
    SubmittedEvent,
)

url, kind, time = os.environ["URL"], os.environ["KIND"], os.environ["TIME"]
sender = AuthenticatedClient(base_url=url, token=os.environ["KEY"])
reader = AuthenticatedClient(base_url=url, token=os.environ["TOKEN"])


def send(*events: SubmittedEvent, **more: str) -> object:
    return record_events.sync(client=sender, body=list(events), **more)


sent = [SubmittedEvent(type_=kind, id=str(n), time=time, source="a") for n in range(5)]
receipt = send(*sent, idempotency_key=kind)
conflict = send(SubmittedEvent(type_=kind, id="0", time=time, source="b"))
rejected = send(SubmittedEvent(type_=kind, time="never"))
reused = send(SubmittedEvent(type_=kind), idempotency_key=kind)
found, pages, cursor = [], 0, None
while pages == 0 or cursor:
    page = find_events.sync(
        client=reader,
        type_=[kind],
        sender=[int(os.environ["SENDER"])],
        from_="-2d",
        fields=[FindEventsFieldsItem.SUBMITTED_ID, FindEventsFieldsItem.TYPE],
        page_size=2,
        **({"cursor": cursor} if cursor else {}),
    )
    pages += 1
    found += [event.submitted_id for event in page.results]
    cursor = parse_qs(urlsplit(page.next_ or "").query).get("cursor", [None])[0]
export = export_events.sync_detailed(client=reader, format_=ExportEventsFormat.NDJSON, type_=[kind])
told = get_export.sync(client=reader, export_id=export.headers["Export-Id"])
json.dump(
    {
        "recorded": receipt.recorded,
        "problems": [conflict.type_, rejected.type_, reused.type_],
        "pointer": rejected.events[0].errors[0].pointer,
        "found": found,
        "pages": pages,
        "count": count_events.sync(client=reader, type_=[kind]).count,
        "exported": export.content.count(b"\n"),
        "rows": told.rows,
    },
    sys.stdout,
)
