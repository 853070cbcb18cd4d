"""The row of one facet, from which whatever treats it is derived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from typing import Literal

SubjectKind = Literal["workspace", "actor", "application", "resource"]
Kind = Literal[
    "environment",  # narrows the scope itself
    "id",  # a text, and beside it its hash, which indexes have: both are asked for
    "target",  # the same, in the table of targets
    "lookup",  # a number that stands for a word of a look-up table
    "group",  # the types of a group
    "outcome",
    "text",
    "network",  # an address, asked for by itself or by a network
    "number",
]
Index = Literal[
    "wide",  # leads one of the indexes that carry all others that are "wide" and "carried"
    "carried",  # leads none
    "own",  # leads one that carries nothing else
]
# How exactly `audit.log.day_values` keeps when a value occurs.
Days = Literal[
    "day",
    "month",  # of ids there are so many that a row a day were one an event
]


@dataclass(frozen=True, slots=True)
class Facet:
    """name: the parameter of a search; says: what a value is, as the API tells it
    kind: what its column holds, and so how SQL asks for it
    column: of `audit_event`, or of its targets; if not said, named as it is, or "…_id"
    index: what decides a search by it; what none decides is tried on some events at a time
    days: how exactly it is kept when its values occur, alone and with those of others
    subject: of ids, what has the names of those
    words: the closed set of its values, empty where there is none; example: one, for the API
    is_counted: whether its values can be counted (`audit.query.counts.facets`)
    holds_ids: whether its values may be somebody's ids, texts or numbers: who shares a search by it
        shares it with those who see what the search is of
    """

    name: str
    says: str
    _: KW_ONLY
    kind: Kind
    column: str = ""
    index: Index | None = None
    days: Days | None = None
    subject: SubjectKind | None = None
    words: Collection[str] = ()
    example: str | None = None
    is_counted: bool = True
    holds_ids: bool = True

    def __post_init__(self) -> None:
        if not self.column:
            is_id = self.kind in ("id", "target", "number")
            object.__setattr__(self, "column", f"{self.name}_id" if is_id else self.name)

    @property
    def number_column(self) -> str:
        """The column that holds a number for the value: of an id, its hash."""
        is_id = self.kind in ("id", "target")
        return self.column.removesuffix("_id") + "_hash" if is_id else self.column
