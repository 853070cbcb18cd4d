"""Groups events into table rows, a run of alike ones into one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString

from audit.vocabulary.document import Document
from audit.web.parts.labels import Environments, outcome_label
from audit.web.parts.markup import Absent, Markup, Piece, Sentence, Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.url import Address

from .columns import Column
from .presenters import (
    device,
    environment_tag,
    named,
    outcome,
    place,
    plain,
    sender,
    sentence,
    shown,
    type_piece,
)

# A run shorter than this is easier to read as it is.
SHORTEST_RUN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCell(Markup):
    """name: classes of the style sheet, which size and hide its column"""

    name: str
    piece: Piece | Absent

    def __html__(self) -> SafeString:
        return SafeString(f'<td class="{escape(self.name)}">{self.piece.__html__()}</td>')


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event in the table, or the newest of a run.

    href: its page, which knows the search that one came from; link: its page alone
    outcome: only of what didn't succeed
    run: the other events of its run, newest first; empty for an event by itself
    """

    id: str
    href: str
    link: str
    time: Moment
    environment: Tag
    sentence: Sentence
    outcome: str
    outcome_label: str
    cells: tuple[EventCell, ...]
    run: tuple[EventRow, ...] = ()

    @property
    def count(self) -> int:
        return len(self.run) + 1


def event_rows(
    documents: Iterable[Document],
    *,
    address: Address,
    columns: Sequence[Column],
    environments: Environments,
    zone: ZoneInfo,
    folds: bool = False,
) -> tuple[EventRow, ...]:
    """address: of the search that found them; a value's link narrows it.

    folds: neighbours of the same actor, type and resource are one row
    """
    made = [
        (_alike(document), _row(document, address, columns, environments, zone))
        for document in documents
    ]
    if not folds:
        return tuple(row for _, row in made)
    rows: list[EventRow] = []
    for _, group in groupby(made, key=lambda pair: pair[0]):
        run = [row for _, row in group]
        if len(run) < SHORTEST_RUN:
            rows += run
        else:
            rows.append(replace(run[0], run=tuple(run[1:])))
    return tuple(rows)


def event_path(event_id: str) -> str:
    return reverse("audit_web:event", args=[event_id])


def _row(
    document: Document,
    address: Address,
    columns: Sequence[Column],
    environments: Environments,
    zone: ZoneInfo,
) -> EventRow:
    path = event_path(document.id)
    code = document.outcome or ""
    return EventRow(
        id=document.id,
        href=str(replace(address.only(cursor=None), path=path)),
        link=path,
        time=moment(document.time, zone),
        environment=environment_tag(document, address=address, environments=environments),
        sentence=sentence(document, address=address),
        outcome=code if code != "success" else "",
        outcome_label=outcome_label(code),
        cells=tuple(
            EventCell(name=column.name, piece=shown(_CELLS[column.key](document, address, zone)))
            for column in columns
        ),
    )


def _alike(document: Document) -> tuple[object, ...]:
    """What neighbours share that are folded into one row."""
    who, what = document.actor, document.about
    return (
        document.environment,
        document.type,
        document.outcome,
        who and (who.id or who.name),
        what and (what.id or what.name),
    )


_CELLS: Mapping[str, Callable[[Document, Address, ZoneInfo], Piece | None]] = {
    "actor": lambda d, address, _: named(d.actor, parameter="actor", address=address),
    "application": lambda d, address, _: named(
        d.application, parameter="application", address=address
    ),
    "resource": lambda d, address, _: named(d.resource, parameter="resource", address=address),
    "workspace": lambda d, address, _: named(d.workspace, parameter="workspace", address=address),
    "place": lambda d, address, _: place(d, address=address),
    "device": lambda d, address, _: device(d, address=address),
    "type": lambda d, address, _: type_piece(d, address=address),
    "outcome": lambda d, address, _: outcome(d, address=address),
    "ip": lambda d, address, _: plain(d.context.ip, "ip", address=address),
    "session": lambda d, address, _: plain(d.context.session, "session", address=address),
    "sender": lambda d, address, _: sender(d, address=address),
    "received": lambda d, _, zone: Piece(text=moment(d.received_at, zone).text),
}
