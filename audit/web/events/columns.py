"""Lists the columns of the events table, and which a person chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Time, environment and sentence are what an event is, so they always come first.
COLUMNS: Mapping[str, object] = {
    "actor": _("User"),
    "application": _("App"),
    "workspace": _("Workspace"),
    "place": _("Place"),
    "device": _("Device"),
    "type": _("Type"),
    "outcome": _("Outcome"),
    "resource": _("Resource"),
    "ip": _("Address"),
    "sender": _("Sender"),
    "session": _("Session"),
    "received": _("Received"),
}
DEFAULT = ("workspace", "place", "device")
# What a screen of over 1,700 pixels has room for besides.
WIDE = ("type", "ip", "session")
MAX_COLUMNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """is_wide: shown on wide screens alone"""

    key: str
    label: str
    is_wide: bool = False

    @property
    def name(self) -> str:
        """Classes of the style sheet."""
        return f"{self.key} wide" if self.is_wide else self.key


def columns_of(chosen: Sequence[str]) -> tuple[Column, ...]:
    """Return the chosen columns that there are, in their order; DEFAULT and WIDE where none is."""
    keys = [key for key in chosen if key in COLUMNS][:MAX_COLUMNS]
    if keys:
        return tuple(Column(key=key, label=str(COLUMNS[key])) for key in keys)
    return tuple(
        Column(key=key, label=str(COLUMNS[key]), is_wide=key in WIDE) for key in (*DEFAULT, *WIDE)
    )
