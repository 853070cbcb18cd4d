from __future__ import annotations

import pytest

from audit.vocabulary.document import Place
from audit.web.events.place_map import place_map


def place(latitude: float, longitude: float, radius: int | None = 20) -> Place:
    return Place(latitude=latitude, longitude=longitude, radius_km=radius, city="X")


class TestPlaceMap:
    def test_has_a_point_at_its_longitude_and_latitude(self) -> None:
        made = place_map(place(45.76, 4.84))
        assert made
        assert (made.x, made.y) == ("48.4", "-457.6")

    def test_widens_the_circle_towards_the_poles(self) -> None:
        equator, north = place_map(place(0, 0, 111)), place_map(place(60, 0, 111))
        assert equator
        assert north
        assert (equator.rx, equator.ry) == ("10", "10")
        assert float(north.rx) == pytest.approx(2 * float(north.ry), rel=0.01)

    def test_has_no_circle_where_the_accuracy_is_unknown(self) -> None:
        made = place_map(place(45.76, 4.84, None))
        assert made
        assert (made.rx, made.ry) == ("", "")

    @pytest.mark.parametrize(
        ("latitude", "longitude"),
        [(90.0, 180.0), (-90.0, -180.0), (0.0, 179.9), (89.9, 0.0)],
    )
    def test_stays_on_the_map_at_its_edges(self, latitude: float, longitude: float) -> None:
        made = place_map(place(latitude, longitude, 5_000))
        assert made
        left, top, width, height = map(float, made.view_box.split())
        assert left >= -1800
        assert left + width <= 1800
        assert top >= -900
        assert top + height <= 900
        assert left <= float(made.x) <= left + width

    @pytest.mark.parametrize("given", [None, Place(), Place(latitude=1.0)])
    def test_is_none_without_a_point(self, given: Place | None) -> None:
        assert place_map(given) is None
