"""Presents the rows of the matrix: counts, bars, marks, text and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.query.compare.comparison import Column, Comparison, ComparisonLine
from audit.query.compare.differences import Difference, difference
from audit.query.counts.subject_counts import MAX_IDS
from audit.vocabulary.things import KINDS as THINGS
from audit.web.parts.labels import Environments, group_label, type_label
from audit.web.parts.markup import Tag
from audit.web.parts.moments import to_utc
from audit.web.parts.text import shorten, thin, visible
from audit.web.parts.time_spans import stretch_words
from audit.web.parts.url import Address, Pair

from .cells import MatrixCell, MatrixCells
from .url import NOW, By, ComparisonRequest

MAX_NAME_LENGTH = 80
BAR_WIDTH = 100.0
EMPTY = "·"
# The events page's filter for what a line is by.
_FILTERS: dict[By, str] = {
    "type": "type",
    "actor": "actor",
    "application": "application",
    "data_source": "resource",
    "workspace": "workspace",
}
# What else the search for a line needs: an id may be that of another kind of thing, too.
_ALSO: dict[By, tuple[Pair, ...]] = {
    "data_source": tuple(("resource_type", t) for t in THINGS["data_source"].resource_types)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """A column's head. period: its own, where columns differ in it; href: all its events
    total_href: those that the total counts, None where no search finds just these
    """

    tag: Tag
    period: str
    total: str
    href: str
    total_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """note: in what it differs; note_href: all rows that differ so; aside: where more is told"""

    label: str
    title: str
    cells: tuple[MatrixCell, ...]
    note: str
    note_href: str | None
    href: str | None = None
    aside: str | None = None

    @property
    def written(self) -> MatrixCells:
        return MatrixCells(cells=self.cells, note=self.note, note_href=self.note_href)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line with its place in the comparison. difference: None where its columns are alike"""

    line: ComparisonLine
    difference: Difference | None


class Rows:
    """Makes the rows of one comparison."""

    def __init__(
        self, asked: ComparisonRequest, found: Comparison, environments: Environments
    ) -> None:
        self._asked, self._found = asked, found
        self._columns = asked.query.columns
        self._names = column_names(asked, environments)
        self._tags = [environments.tag(c.environment) for c in self._columns]
        self._events = reverse("audit_web:events")

    def heads(self, zone: ZoneInfo) -> Iterable[ColumnHead]:
        for column, tag, name, total in zip(
            self._columns, self._tags, self._names, self._found.totals, strict=True
        ):
            by_period = self._asked.is_by_period
            yield ColumnHead(
                tag=Tag(key=column.key, name=name, colour=tag.colour) if by_period else tag,
                period=stretch_words(column.start, column.end, zone) if by_period else "",
                total=thin(total),
                href=self._href(column, ()),
                total_href=self._href(column, ()) if self._asked.by == "type" else None,
            )

    def row(self, found: PlacedLine) -> MatrixRow:
        line, by = found.line, self._asked.by
        if by == "type":
            label, title = type_label(line.key), visible(line.key)
            pairs: list[tuple[Pair, ...] | None] = [(("type", line.key),)] * len(self._columns)
        else:
            ids = [id_ for each in line.ids for id_ in each]
            label = shorten(line.name or ids[0], max_length=MAX_NAME_LENGTH)
            title = visible(", ".join(dict.fromkeys(ids))[:256])
            also = _ALSO.get(by, ())
            pairs = [
                (*((_FILTERS[by], id_) for id_ in each), *also) if len(each) <= MAX_IDS else None
                for each in line.ids
            ]
        aside = None
        if by == "application":
            aside = str(Address(path=reverse("audit_web:app"), pairs=(("key", line.key),)))
        return self._row(label, title, line.counts, pairs, found.difference, aside=aside)

    def group(self, key: str, lines: Sequence[ComparisonLine]) -> MatrixRow:
        """lines: all of the group, shown or not."""
        counts = tuple(sum(line.counts[i] for line in lines) for i in range(len(self._columns)))
        pairs = [(("group", key),)] * len(self._columns)
        differs = difference(counts, self._found.totals, by_share=not self._asked.is_by_period)
        return self._row(group_label(key), "", counts, pairs, differs)

    def _row(
        self,
        label: str,
        title: str,
        counts: tuple[int, ...],
        pairs: Sequence[tuple[Pair, ...] | None],
        differs: Difference | None,
        *,
        aside: str | None = None,
    ) -> MatrixRow:
        highest = max(counts, default=0)
        marked = differs.columns if differs else ()
        return MatrixRow(
            label=label,
            title=title if title != label else "",
            cells=tuple(
                MatrixCell(
                    count=thin(count) if count else EMPTY,
                    bar=f"{BAR_WIDTH * count / highest:.1f}" if count else "",
                    colour=tag.colour,
                    mark=differs.kind if differs and index in marked else "",
                    href=self._href(column, own) if count and own is not None else None,
                    title=_("of too many ids for one search") if own is None else "",
                )
                for index, (column, tag, count, own) in enumerate(
                    zip(self._columns, self._tags, counts, pairs, strict=True)
                )
            ),
            note=difference_words(differs, self._names, by_share=not self._asked.is_by_period),
            note_href=self._alike(differs),
            aside=aside,
        )

    def _href(self, column: Column, pairs: Iterable[Pair]) -> str:
        """The events of a cell: the column, its bounds, the filters, and what the line is by."""
        pairs = tuple(pairs)
        own = {name for name, _ in pairs}
        kept = (pair for pair in self._asked.filters if pair[0] not in own)
        bounds = (("from", to_utc(column.start)), ("to", to_utc(column.end)))
        where = ("environment", column.environment)
        return str(Address(path=self._events, pairs=(where, *pairs, *kept, *bounds)))

    def _alike(self, differs: Difference | None) -> str | None:
        """The address of all lines that are missing in the same columns."""
        if differs is None or differs.kind == "more":
            return None
        absent = [
            column.key
            for index, column in enumerate(self._columns)
            if (index in differs.columns) == (differs.kind == "never")
        ]
        present = [column.key for column in self._columns if column.key not in absent]
        address = self._asked.address.only(has=None, lacks=None)
        return str(
            Address(
                path=address.path,
                pairs=(
                    *address.pairs,
                    *(("has", key) for key in present),
                    *(("lacks", key) for key in absent),
                ),
            )
        )


def difference_words(found: Difference | None, heads: Sequence[str], *, by_share: bool) -> str:
    """heads: what the columns are called."""
    if found is None:
        return ""
    names = _(" and ").join(heads[i] for i in found.columns)
    if found.kind == "only":
        return (_("only in %(names)s") if by_share else _("only %(names)s")) % {"names": names}
    if found.kind == "never":
        return _("never in %(names)s") % {"names": names}
    factor = f"{found.factor:.1f}" if (found.factor or 0) < 10 else f"{found.factor:,.0f}"
    words = (
        _("%(factor)s × as frequent in %(names)s")
        if by_share
        else _("%(factor)s × as many %(names)s")
    )
    return words % {"factor": factor.removesuffix(".0"), "names": names}


def column_names(asked: ComparisonRequest, environments: Environments) -> tuple[str, ...]:
    """Return what the columns are called: environments, or "before" and "now"."""
    if not asked.is_by_period:
        return tuple(environments.tag(c.environment).name for c in asked.query.columns)
    return tuple(_("now") if c.key == NOW else _("before") for c in asked.query.columns)
