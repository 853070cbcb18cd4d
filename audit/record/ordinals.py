"""Orders the events of a submission: as sent, unless their source numbers them."""

from __future__ import annotations

from collections.abc import Sequence

from .submitted import SubmittedEvent


def places_of(events: Sequence[SubmittedEvent]) -> Sequence[int]:
    """Return the place of each event among them, from 0.

    Those of one source (of none, too) that carry a `sequence` stand in its order, in the places
    that just these were sent in; of two with the same number the one sent first comes first.
    """
    numbered: dict[str | None, list[int]] = {}
    for sent, event in enumerate(events):
        if event.sequence is not None:
            numbered.setdefault(event.source, []).append(sent)
    if not numbered:
        return range(len(events))
    places = list(range(len(events)))
    for held in numbered.values():
        in_sequence = sorted(held, key=lambda sent: events[sent].sequence or 0)
        for place, sent in zip(held, in_sequence, strict=True):
            places[sent] = place
    return places
