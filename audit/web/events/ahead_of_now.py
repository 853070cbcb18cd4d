"""Says that events are dated ahead of now, and whose clock is fast."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.query.search.ahead_of_now import Ahead, FastClock
from audit.web.parts.durations import duration_words
from audit.web.parts.text import count_text, shorten

MINUTE = timedelta(minutes=1)


def ahead_words(found: Ahead | None) -> str:
    """Return "4 are dated ahead of now: the clock of sender billing is 2 h fast"; else nothing."""
    if found is None:
        return ""
    words = ngettext("%(n)s is dated ahead of now", "%(n)s are dated ahead of now", found.count) % {
        "n": count_text(found.count, is_capped=found.is_capped)
    }
    told = [
        _("the clock of sender %(name)s is %(time)s fast")
        % {
            "name": shorten(clock.name or str(clock.sender_id), max_length=60),
            "time": fast_words(clock),
        }
        for clock in found.clocks
    ]
    if found.unsaid:
        told.append(
            ngettext("%(n)s more clock is fast", "%(n)s more clocks are fast", found.unsaid)
            % {"n": found.unsaid}
        )
    return f"{words}: {', '.join(told)}" if told else words


def fast_words(clock: FastClock) -> str:
    """Return by how much a clock is fast, to the minute where that is a minute or more."""
    fast = clock.fast
    return duration_words(round(fast / MINUTE) * MINUTE if fast >= MINUTE else fast)
