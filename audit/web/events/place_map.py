"""Draws an event's place on the map, as a circle as wide as it is uncertain.

The map is equirectangular, in tenths of a degree (scripts/draw_world.py), so a place is its
longitude and latitude; a circle on the globe is an ellipse there, the wider the nearer the poles.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

from audit.vocabulary.document import Place

from .where_and_how import place_in_words

TENTHS = 10
KM_PER_DEGREE = 111.32
# What is shown around a place, in degrees of longitude; half of it in latitude.
LEAST_WIDTH = 60.0
# How many times the circle's width is shown where that is more.
CIRCLES = 6.0
# So near the poles a circle has no width in degrees.
LAST_LATITUDE = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMap:
    """Numbers as SVG writes them, in tenths of a degree, south down.

    rx, ry: half the axes of the ellipse of accuracy, empty where it is not known
    pin: the radius of the dot
    """

    view_box: str
    x: str
    y: str
    rx: str
    ry: str
    pin: str
    words: str


def place_map(place: Place | None) -> PlaceMap | None:
    """Return None where the place has no point."""
    if place is None or place.latitude is None or place.longitude is None:
        return None
    latitude, longitude, radius = place.latitude, place.longitude, place.radius_km
    high = (radius or 0) / KM_PER_DEGREE
    wide = high / cos(radians(min(abs(latitude), LAST_LATITUDE)))
    width = min(360.0, max(LEAST_WIDTH, 2 * CIRCLES * wide / 2))
    height = width / 2
    left = min(max(longitude - width / 2, -180.0), 180.0 - width)
    top = min(max(-latitude - height / 2, -90.0), 90.0 - height)
    return PlaceMap(
        view_box=" ".join(_tenths(value) for value in (left, top, width, height)),
        x=_tenths(longitude),
        y=_tenths(-latitude),
        rx=_tenths(wide) if radius else "",
        ry=_tenths(high) if radius else "",
        pin=_tenths(width / 120),
        words=place_in_words(place) or "",
    )


def _tenths(degrees: float) -> str:
    return f"{degrees * TENTHS:.1f}".removesuffix(".0")
