"""The value that a search is: scope, filters and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.facets import FACETS
from audit.log.ids import id_floor

_encode = msgspec.json.Encoder(order="sorted").encode

# The facets that the wide indexes carry, but none leads by.
CARRIED = frozenset(name for name, facet in FACETS.items() if facet.index == "carried")
# The facets that an index decides, in any combination: by what it leads by, or by walking it from
# end to end, a thirtieth of what walking the rows takes.
INDEXED = frozenset(name for name, facet in FACETS.items() if facet.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """A search: the viewer's scope, already narrowed to the environments asked for, and filters.

    include: facet → values, any of which an event must have; exclude: → values that it must not
    start, end: when it happened, half-open `[start, end)`, None for no bound
    recorded_start, recorded_end: the same of when it was recorded
    words: all of them must occur
    """

    scope: Scope
    include: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    recorded_start: datetime | None = None
    recorded_end: datetime | None = None
    words: tuple[str, ...] = ()

    @property
    def lowest_id(self) -> UUID | None:
        return id_floor(self.start) if self.start else None

    @property
    def highest_id(self) -> UUID | None:
        """The first id that is no longer in; nothing is recorded long before it happens.

        A second more, since events without a time are microseconds ahead of their receipt.
        """
        ahead = timedelta(hours=audit_settings().MAX_AHEAD_HOURS, seconds=1)
        ends = [self.end, self.recorded_end and self.recorded_end + ahead]
        return min((id_floor(end) for end in ends if end), default=None)

    @property
    def unfaceted(self) -> frozenset[str]:
        """The filters that are on and are no facets: words, and bounds of the recording."""
        filters = {
            "q": self.words,
            "recorded_after": self.recorded_start,
            "recorded_before": self.recorded_end,
        }
        return frozenset(name for name, value in filters.items() if value)

    def digest(self) -> str:
        """Return a short text that is the same for the same filters and scope.

        Relative bounds move with the clock, so bounds are left to the cursor itself.
        """
        said = {
            "grants": {
                key: sorted(workspaces) if workspaces is not None else None
                for key, workspaces in self.scope.grants.items()
            },
            "include": {name: sorted(values) for name, values in self.include.items()},
            "exclude": {name: sorted(values) for name, values in self.exclude.items()},
            "words": sorted(self.words),
        }
        return sha256(_encode(said)).hexdigest()[:16]
