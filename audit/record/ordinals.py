"""Orders the events of a submission: as sent, unless their source numbers them."""

from __future__ import annotations

from collections.abc import Sequence

from .submitted import SubmittedEvent


def ranks_of(events: Sequence[SubmittedEvent]) -> Sequence[int]:
    """Return the rank of each event in the order of the submission, from 0.

    Events of one source (of none, too) that carry a `sequence` are sorted by it among the ranks in
    which they were sent; of two with the same number the one sent first comes first.
    """
    numbered: dict[str | None, list[int]] = {}
    for sent, event in enumerate(events):
        if event.sequence is not None:
            numbered.setdefault(event.source, []).append(sent)
    if not numbered:
        return range(len(events))
    ranks = list(range(len(events)))
    for held in numbered.values():
        in_sequence = sorted(held, key=lambda sent: events[sent].sequence or 0)
        for rank, sent in zip(held, in_sequence, strict=True):
            ranks[sent] = rank
    return ranks
