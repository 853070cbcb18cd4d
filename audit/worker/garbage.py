"""Tunes how often a process that records or counts events collects garbage."""

from __future__ import annotations

import gc

COLLECT_AFTER_OBJECTS = 50_000


def collect_less_often() -> None:
    """Leave what is loaded by now out of garbage collections, and make them rarer.

    A batch of a thousand events makes tens of thousands of objects that go by themselves; looking
    through them for circles took a tenth of the time of recording.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_OBJECTS)
