"""What is there to say of a facet? Each is one row, from which all that treats it is derived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import KW_ONLY, dataclass
from enum import Enum, auto
from typing import Literal

SubjectKind = Literal["workspace", "actor", "application", "resource"]


class Kind(Enum):
    """What its column holds, and so how SQL asks for it."""

    ENVIRONMENT = auto()  # narrows the scope itself
    ID = auto()  # a text, and beside it its hash, which indexes have: both are asked for
    TARGET_ID = auto()  # the same, in the table of targets
    LOOKUP = auto()  # a number that stands for a word of a look-up table
    GROUP = auto()  # the types of a group
    OUTCOME = auto()
    TEXT = auto()
    NETWORK = auto()  # an address, asked for by itself or by a network
    NUMBER = auto()


class Index(Enum):
    """What decides a search by it. One that none decides is tried on some rows at a time."""

    WIDE = auto()  # leads one of the indexes that carry all others of WIDE and CARRIED
    CARRIED = auto()  # leads none
    OWN = auto()  # leads one that carries nothing else


class Days(Enum):
    """What `audit.log.day_values` keeps of it: the numbers of its kinds stand in a table."""

    ALONE = auto()  # on which days a value occurs, alone and with others of ALONE and JOINED
    JOINED = auto()  # with those of PARTNER, too, and whether it ever met one of EVER
    PARTNER = auto()
    EVER = auto()


@dataclass(frozen=True, slots=True)
class Facet:
    """name: the parameter of a search; column: of `audit_event`, or of its targets
    says: what a value is, as the API tells it; example: of a value, for the API
    words: the closed set of its values, empty where there is none
    index, days: None for none of them
    subject: of ids, what has the names of those
    is_counted: whether its values can be counted (`audit.query.counts.facets`)
    holds_ids: whether its values may be somebody's ids, texts or numbers: who shares a search by it
        shares it with those who see what the search is of
    """

    name: str
    column: str
    kind: Kind
    says: str
    _: KW_ONLY
    example: str | None = None
    words: Collection[str] = ()
    index: Index | None = None
    days: Days | None = None
    subject: SubjectKind | None = None
    is_counted: bool = True
    holds_ids: bool = True

    @property
    def number_column(self) -> str:
        """The column that holds a number for the value: of an id, its hash."""
        is_id = self.kind in (Kind.ID, Kind.TARGET_ID)
        return self.column.removesuffix("_id") + "_hash" if is_id else self.column
