"""Says in words which permissions differ between the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.query.compare.permissions import Permission, Permissions
from audit.query.compare.permissions import PermissionCount as PermissionCell
from audit.web.events.rows import event_path
from audit.web.parts.text import shorten, thin, visible

MAX_ROWS = 500
MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCell:
    """text: the role, or that it was taken; href: the event that says so; None: nothing known"""

    text: str
    href: str | None
    is_taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionRow:
    thing_kind: str
    thing: str
    holder_kind: str
    holder: str
    cells: tuple[RoleCell, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionTable:
    rows: tuple[PermissionRow, ...]
    differing: str
    is_cut: bool


def permission_table(
    found: Permissions, *, names: Sequence[str], only_differences: bool
) -> PermissionTable:
    """names: what the columns are called."""
    shown = [row for row in found.rows if row.differs or not only_differences]
    return PermissionTable(
        rows=tuple(_row(row, names) for row in shown[:MAX_ROWS]),
        differing=thin(sum(row.differs for row in found.rows)),
        is_cut=found.is_cut or len(shown) > MAX_ROWS,
    )


def cell_words(cell: PermissionCell | None) -> str:
    if cell is None:
        return "·"
    if cell.state == "taken":
        return _("taken away")
    return visible(cell.role) if cell.role else _("given")


def difference_note(row: Permission, names: Sequence[str]) -> str:
    """Return "only in Prod" of what is given there alone, else that roles differ."""
    if not row.differs:
        return ""
    given = [i for i, cell in enumerate(row.cells) if cell and cell.state == "given"]
    if given and len(given) < len(row.cells):
        return _("only in %(names)s") % {"names": _(" and ").join(names[i] for i in given)}
    return _("another role") if given else _("taken away in one")


def _row(row: Permission, names: Sequence[str]) -> PermissionRow:
    return PermissionRow(
        thing_kind=visible(row.thing_kind),
        thing=shorten(row.thing, max_length=MAX_NAME_LENGTH),
        holder_kind=visible(row.holder_kind.replace("_", " ")),
        holder=shorten(row.holder, max_length=MAX_NAME_LENGTH),
        cells=tuple(
            RoleCell(
                text=cell_words(cell),
                href=event_path(str(cell.event)) if cell else None,
                is_taken=bool(cell and cell.state == "taken"),
            )
            for cell in row.cells
        ),
        note=difference_note(row, names),
    )
