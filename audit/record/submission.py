"""A submission that is checked and prepared, before the database is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .origin import Origin, Receipt, Verdict
from .preparation import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A submission of which nothing is stored yet.

    places: of each good event, where it stands among them; verdicts: of the rejected, else None
    """

    origin: Origin
    received_at: datetime
    good: Sequence[Ready]
    places: Sequence[int]
    verdicts: Sequence[Verdict | None]

    def receipt(self, submission_id: int | None, verdicts: Sequence[Verdict]) -> Receipt:
        """Return the receipt, given the verdicts of the good events in their order."""
        whole = list(self.verdicts)
        for ready, verdict in zip(self.good, verdicts, strict=True):
            whole[ready.index] = verdict
        return Receipt(
            submission_id=submission_id,
            received_at=self.received_at,
            verdicts=tuple(v for v in whole if v is not None),
        )
