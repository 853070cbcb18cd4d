"""Exports: as a stream, or made meanwhile and fetched."""

from __future__ import annotations

from collections.abc import Mapping

from . import parameters as p
from .declare import Answer, Operation, Parameter, ref

GROUP = "Exports"
_SEARCH = ("bad-parameter",)
_ID = "019cbd0a-11f2-7000-8a55-0242ac120002"
_EXPORT = {
    "id": _ID,
    "url": f"/api/v1/exports/{_ID}",
    "state": "done",
    "is_streamed": False,
    "format": "csv",
    "has_end_line": False,
    "has_bom": False,
    "evidence_of": [],
    "query": "type=APPLICATION_UPDATE",
    "asked_at": "2026-03-05T08:00:00.301442Z",
    "finished_at": "2026-03-05T08:00:04.020000Z",
    "expires_at": "2026-03-12T08:00:04.020000Z",
    "rows": 3,
    "expected_rows": 3,
    "bytes": 2_210,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "error": None,
    "file": f"/api/v1/exports/{_ID}/file",
}
_WHICH = Parameter(
    name="export_id",
    says="The export's UUID.",
    schema={"type": "string", "format": "uuid"},
    place="path",
    is_required=True,
)
# Of whatever type its format has, but bytes to whoever makes clients: they are stored, not decoded.
_CONTENT = {"type": "string", "format": "binary"}
_FILE_HEADERS = {"Export-Id": "The export's UUID, by which `/exports/<id>` tells of it."}
_FILE = Answer(says="The file.", schema=_CONTENT, media_type="*/*", headers=_FILE_HEADERS)
_FORM = (p.FORMAT, p.END, p.BOM)
_ANY_FORM = (p.ANY_FORMAT, p.END, p.BOM)
_ONE = Answer(says="The export.", schema=ref("Export"), example=_EXPORT)

OPERATIONS: Mapping[str, Operation] = {
    "EventsExportView.get": Operation(
        id="export_events",
        group=GROUP,
        title="Export events at once",
        says="All that match, newest first, streamed. Once the last byte is out, `get_export` with "
        "the `Export-Id` tells how many there were, and the SHA-256 of the file: so one that was "
        "cut is found out. The export is an event of the log's own.",
        parameters=(*p.FILTERS, *_FORM),
        answers={200: _FILE},
        problems=(*_SEARCH, "not-allowed"),
    ),
    "ExportsView.post": Operation(
        id="ask_for_export",
        group=GROUP,
        title="Have an export made",
        says="The worker makes the file, and it is kept for seven days. The search stands in the "
        "address.",
        parameters=(*p.FILTERS, *_ANY_FORM),
        answers={
            201: Answer(
                says="It is waiting to be made.",
                schema=ref("Export"),
                example={
                    **_EXPORT,
                    "state": "waiting",
                    "finished_at": None,
                    "expires_at": None,
                    "rows": 0,
                    "bytes": 0,
                    "sha256": None,
                    "file": None,
                },
                headers={"Location": "The export's own address.", **_FILE_HEADERS},
            )
        },
        problems=(
            *_SEARCH,
            "bad-request",
            "not-allowed",
            "cannot-export",
            "unsupported-media-type",
        ),
    ),
    "ExportsView.get": Operation(
        id="list_exports",
        group=GROUP,
        title="One's own exports",
        says="Newest first: those that are made in the background, and those that were streamed.",
        answers={
            200: Answer(says="All.", schema=ref("Exports"), example={"results": [_EXPORT]}),
        },
    ),
    "OneExportView.get": Operation(
        id="get_export",
        group=GROUP,
        title="How far is an export?",
        says="Of a stream, too. `file` is its address once it is done, null of a stream.",
        parameters=(_WHICH,),
        answers={200: _ONE},
        problems=("not-found",),
    ),
    "OneExportView.delete": Operation(
        id="delete_export",
        group=GROUP,
        title="Cancel or delete an export",
        says="Cancels it, or deletes it with its file.",
        parameters=(_WHICH,),
        answers={204: Answer(says="It is done.")},
        problems=("not-found", "cannot-export"),
    ),
    "ExportFileView.get": Operation(
        id="get_export_file",
        group=GROUP,
        title="Fetch an export's file",
        says="Who sees less than when they asked has to ask anew.",
        parameters=(_WHICH,),
        answers={
            200: Answer(
                says="The file.",
                schema=_CONTENT,
                media_type="*/*",
                headers={"Repr-Digest": "Its SHA-256 (RFC 9530).", **_FILE_HEADERS},
            )
        },
        problems=("not-allowed", "not-found", "cannot-export"),
    ),
}
