"""Presents what the comparison counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.query.compare.comparison import Comparison, ComparisonLine
from audit.query.compare.differences import difference, is_wanted
from audit.query.search.ahead_of_now import Ahead
from audit.vocabulary import GROUPS, event_type
from audit.web.events.ahead_of_now import ahead_words
from audit.web.parts.labels import Environments
from audit.web.parts.left_out import LeftOut, problems_of
from audit.web.parts.text import thin
from audit.web.parts.time_spans import stretch_words

from .form import CompareForm, compare_form
from .rows import ColumnHead, MatrixRow, PlacedLine, Rows
from .time_lines import TimeLines
from .url import By, ComparisonRequest

MAX_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows that fold into one. head: None where there is nothing to fold"""

    key: str
    head: MatrixRow | None
    fold_href: str
    is_folded: bool
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """shown, matching: rows on the page and rows that there are; is_cut: of the largest only"""

    problems: tuple[LeftOut, ...]
    form: CompareForm
    heads: tuple[ColumnHead, ...]
    groups: tuple[RowGroup, ...]
    shown: str
    matching: str
    is_all: bool
    is_cut: bool
    period: str
    zone: str
    ahead: str
    row_label: str
    note: str
    csv_href: str
    time_lines: TimeLines | None


def wanted_lines(asked: ComparisonRequest, found: Comparison) -> list[PlacedLine]:
    """Return the lines that the address asks for, most events first."""
    return [
        PlacedLine(line=line, difference=differs)
        for line in found.lines
        if is_wanted(line.counts, has=asked.has, lacks=asked.lacks)
        and (
            (differs := difference(line.counts, found.totals, by_share=not asked.is_by_period))
            or not asked.only_differences
        )
    ]


def compare_page(
    asked: ComparisonRequest,
    found: Comparison,
    *,
    time_lines: TimeLines | None,
    ahead: Ahead | None,
    environments: Environments,
    zone: ZoneInfo,
) -> ComparePage:
    """zone: the installation's, whose days are compared; ahead: what of it is dated ahead of now"""
    lines = wanted_lines(asked, found)
    shown = lines[:MAX_ROWS] if asked.by != "type" else lines
    rows = Rows(asked, found, environments)
    return ComparePage(
        problems=problems_of(asked.problems),
        form=compare_form(asked, environments=environments, zone=zone),
        heads=tuple(rows.heads(zone)),
        groups=tuple(_groups(asked, rows, found.lines, shown)),
        shown=thin(len(shown)),
        matching=thin(len(lines)),
        is_all=len(shown) == len(lines),
        is_cut=found.is_cut,
        period=stretch_words(asked.period.start, asked.period.end, zone),
        zone=zone.key,
        ahead=ahead_words(ahead),
        row_label=row_label(asked.by),
        note=_joined_note(asked.by),
        csv_href=str(asked.address.only(format="csv")),
        time_lines=time_lines,
    )


def row_label(by: By) -> str:
    return {
        "type": _("Type"),
        "actor": _("User"),
        "application": _("App"),
        "data_source": _("Data source"),
        "workspace": _("Workspace"),
        "permission": _("Permission"),
    }[by]


def _groups(
    asked: ComparisonRequest,
    rows: Rows,
    lines: Iterable[ComparisonLine],
    shown: Sequence[PlacedLine],
) -> Iterable[RowGroup]:
    """The rows that are shown, under the figures of all lines of their group."""
    if asked.by != "type":
        yield RowGroup(
            key="", head=None, fold_href="", is_folded=False, rows=tuple(map(rows.row, shown))
        )
        return
    whole: dict[str, list[ComparisonLine]] = {}
    for line in lines:
        whole.setdefault(event_type(line.key).group, []).append(line)
    by_group: dict[str, list[PlacedLine]] = {key: [] for key in GROUPS}
    for one in shown:
        by_group.setdefault(event_type(one.line.key).group, []).append(one)
    for key, members in by_group.items():
        if members:
            is_folded = key in asked.folded
            folded = asked.folded - {key} if is_folded else asked.folded | {key}
            yield RowGroup(
                key=key,
                head=rows.group(key, whole[key]),
                fold_href=str(asked.address.only(folded=",".join(sorted(folded)) or None)),
                is_folded=is_folded,
                rows=tuple(map(rows.row, members)),
            )


def _joined_note(by: By) -> str:
    """How ids of several environments become one line, said openly."""
    joined = {
        "type": "",
        "permission": "",
        "actor": _("Users are joined by e-mail, else by id."),
        "application": _("Apps are joined by gid, else by name."),
        "data_source": _("Data sources are joined by name, else by id."),
        "workspace": _("Workspaces are joined by name, else by id."),
    }[by]
    counted = _("Counted in whole days; events without one are in no figure.")
    return f"{joined} {counted}" if joined else ""
