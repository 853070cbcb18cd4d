"""Writes a duration in the two largest units that say it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from django.utils.translation import gettext as _


def duration_words(duration: timedelta) -> str:
    """Return "2 d 3 h", "3 h 5 min", "12 min", "40 s"."""
    seconds = max(0, int(duration.total_seconds()))
    units = ((86_400, _("d")), (3_600, _("h")), (60, _("min")), (1, _("s")))
    for (size, name), (smaller, smaller_name) in pairwise(units):
        if seconds >= size:
            rest = seconds % size // smaller
            words = f"{seconds // size} {name}"
            # Seconds beside minutes tell nobody anything.
            return f"{words} {rest} {smaller_name}" if rest and smaller > 1 else words
    return f"{seconds} {_('s')}"
