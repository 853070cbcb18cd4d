"""A submission that is checked and prepared, before the database is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .origin import Origin, Receipt, Verdict
from .preparation import PreparedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSubmission:
    """A submission of which nothing is stored yet.

    events: those without problems; ranks: of each, in the order of the submission
    verdicts: of the rejected events, else None
    """

    origin: Origin
    received_at: datetime
    events: Sequence[PreparedEvent]
    ranks: Sequence[int]
    verdicts: Sequence[Verdict | None]

    def receipt(self, submission_id: int | None, verdicts: Sequence[Verdict]) -> Receipt:
        """Return the receipt, given the verdicts of its events in their order."""
        whole = list(self.verdicts)
        for event, verdict in zip(self.events, verdicts, strict=True):
            whole[event.index] = verdict
        return Receipt(
            submission_id=submission_id,
            received_at=self.received_at,
            verdicts=tuple(v for v in whole if v is not None),
        )
