"""Groups events into table rows, a run of alike ones into one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
NIL = str(UUID(int=0))


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


@dataclass(frozen=True, slots=True)
class EventRows(Markup):
    """The rows of the table of events, each a body of it, so that what opens has its place beside.

    folding: the address of the same search with runs folded, or unfolded
    """

    rows: tuple[EventRow, ...]
    folding: str

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __html__(self) -> SafeString:
        words = _Words(
            pick=SafeString(escape(_("Pick this event"))),
            expand=SafeString(escape(_("Show everything about this event"))),
            fold_link=SafeString(escape(self.folding)),
        )
        return SafeString("".join(_bodies(row, words) for row in self.rows))


class _Words(NamedTuple):
    """What is the same in each row."""

    pick: SafeString
    expand: SafeString
    fold_link: SafeString


def _bodies(row: EventRow, words: _Words) -> str:
    body = f"<tbody>\n{_table_row(row, words)}</tbody>\n"
    if row.run:
        inner = "".join(_table_row(each, words) for each in row.run)
        body += f'<tbody class="run" hidden>\n{inner}</tbody>\n'
    return body


def _table_row(row: EventRow, words: _Words) -> str:
    href, time = escape(row.href), row.time
    return (
        f'<tr data-event="{escape(row.id)}" data-link="{escape(row.link)}">\n'
        f'<td class="caret"><input type="checkbox" class="scripted pick" aria-label="{words.pick}"'
        f' tabindex="-1"><a href="{href}" data-expand role="button" aria-expanded="false"'
        f' aria-label="{words.expand}"></a></td>\n'
        f'<td class="time"><a href="{href}"><time datetime="{escape(time.utc)}"'
        f' title="{escape(time.exact)}">{escape(time.text)}</time></a></td>\n'
        f'<td class="env">{row.environment.__html__()}</td>\n'
        f'<td class="what sentence">{row.sentence.__html__()}'
        f"{_outcome(row)}{_times(row, words)}</td>\n"
        f"{''.join(cell.__html__() for cell in row.cells)}\n</tr>\n"
    )


def _outcome(row: EventRow) -> str:
    if not row.outcome:
        return ""
    return f' <span class="outcome {escape(row.outcome)}">{escape(row.outcome_label)}</span>'


def _times(row: EventRow, words: _Words) -> str:
    if not row.run:
        return ""
    count = str(row.count)
    told = escape(_("%(count)s alike; show each") % {"count": count})
    return (
        f' <a class="times badge" href="{words.fold_link}" data-run role="button"'
        f' aria-expanded="false" aria-label="{told}">× {escape(count)}</a>'
    )


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
    row_of = _RowMaker(address, columns, environments, zone)
    made = [(_alike(document), row_of(document)) for document in documents]
    if not folds:
        return tuple(row for _key, row in made)
    rows: list[EventRow] = []
    for _key, group in groupby(made, key=lambda pair: pair[0]):
        run = [row for _key, row in group]
        if len(run) < SHORTEST_RUN:
            rows += run
        else:
            rows.append(replace(run[0], run=tuple(run[1:])))
    return tuple(rows)


def event_path(event_id: str) -> str:
    return reverse("audit_web:event", args=[event_id])


class _RowMaker:
    """Makes the rows of one search; what is the same in each is made once."""

    def __init__(
        self,
        address: Address,
        columns: Sequence[Column],
        environments: Environments,
        zone: ZoneInfo,
    ) -> None:
        self._address, self._columns = address, columns
        self._environments, self._zone = environments, zone
        # To find a path costs more than to write the rest of a row's link.
        self._before, _id, self._after = event_path(NIL).partition(NIL)
        kept = address.only(cursor=None)
        self._search = str(kept).removeprefix(kept.path)

    def __call__(self, document: Document) -> EventRow:
        address, zone = self._address, self._zone
        path = f"{self._before}{document.id}{self._after}"
        code = document.outcome or ""
        return EventRow(
            id=document.id,
            href=f"{path}{self._search}",
            link=path,
            time=moment(document.time, zone),
            environment=environment_tag(document, address=address, environments=self._environments),
            sentence=sentence(document, address=address),
            outcome=code if code != "success" else "",
            outcome_label=outcome_label(code),
            cells=tuple(
                EventCell(
                    name=column.name, piece=shown(_CELLS[column.key](document, address, zone))
                )
                for column in self._columns
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
    "actor": lambda d, address, zone: named(d.actor, parameter="actor", address=address),
    "application": lambda d, address, zone: named(
        d.application, parameter="application", address=address
    ),
    "resource": lambda d, address, zone: named(d.resource, parameter="resource", address=address),
    "workspace": lambda d, address, zone: named(
        d.workspace, parameter="workspace", address=address
    ),
    "place": lambda d, address, zone: place(d, address=address),
    "device": lambda d, address, zone: device(d, address=address),
    "type": lambda d, address, zone: type_piece(d, address=address),
    "outcome": lambda d, address, zone: outcome(d, address=address),
    "ip": lambda d, address, zone: plain(d.context.ip, "ip", address=address),
    "session": lambda d, address, zone: plain(d.context.session, "session", address=address),
    "sender": lambda d, address, zone: sender(d, address=address),
    "received": lambda d, address, zone: Piece(text=moment(d.received_at, zone).text),
}
