"""Knows who looks, and how they like to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest

from audit.conf import audit_settings
from audit.models import Preferences

THEMES = ("system", "light", "dark")
THEME_COOKIE = "sightline_theme"
# Set by zone.js: where the browser says that it is.
ZONE_COOKIE = "sightline_zone"
Density = Literal["compact", "comfortable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """What one person chose, or what holds where they chose nothing.

    zone: in which times are shown now; own_zone: where they go back to from UTC
    follows_browser: no zone was chosen, so that the browser's is shown
    theme: of this browser, since a screen is bright or dark, not a person
    columns: of the table of events, in order; empty for those that it comes with
    """

    zone: ZoneInfo
    own_zone: ZoneInfo
    theme: str = "system"
    density: Density = "compact"
    columns: tuple[str, ...] = field(default=())
    folds: bool = True
    follows_browser: bool = False

    @property
    def is_in_utc(self) -> bool:
        return self.zone.key == "UTC"


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the preferences of whoever asks; read once for a request."""
    known = getattr(request, "_audit_viewer", None)
    if known is None:
        known = _read(request)
        request._audit_viewer = known  # type: ignore[attr-defined]
    return known


def is_staff(user: Any) -> bool:
    """Does the host count them as staff? A user model of its own may not know the word."""
    return bool(getattr(user, "is_staff", False))


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of a name of the IANA database, None where it has none such."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def preferences_of(user: Any) -> Preferences | None:
    if user is None or not user.is_authenticated:
        return None
    return Preferences.objects.using(audit_settings().DATABASE).filter(user_id=user.pk).first()


def _read(request: HttpRequest) -> Viewer:
    chosen = preferences_of(getattr(request, "user", None)) or Preferences()
    own = (
        zone_named(chosen.time_zone)
        or zone_named(unquote(request.COOKIES.get(ZONE_COOKIE, ""))[:64])
        or zone_named(audit_settings().TIME_ZONE)
        or ZoneInfo("UTC")
    )
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return Viewer(
        zone=ZoneInfo("UTC") if chosen.is_in_utc else own,
        own_zone=own,
        theme=theme if theme in THEMES else THEMES[0],
        density="comfortable" if chosen.density == "comfortable" else "compact",
        columns=tuple(chosen.columns),
        folds=chosen.folds,
        follows_browser=not chosen.time_zone,
    )
