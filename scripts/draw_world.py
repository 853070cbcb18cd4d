"""Draws the countries of world-atlas (TopoJSON, Natural Earth) as one SVG symbol.

The projection is equirectangular, in tenths of a degree, so that a place on the map is its
longitude and latitude, and nothing else has to be computed where it is used:
`<svg viewBox="-1800 -900 3600 1800"><use href="world.svg#land"/></svg>`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

TENTHS = 10
Point = tuple[int, int]


def draw_world(topology: bytes) -> bytes:
    """topology: the package's countries-110m.json"""
    atlas = json.loads(topology)
    arcs = [_absolute(arc, atlas["transform"]) for arc in atlas["arcs"]]
    rings = [
        _path(piece)
        for country in atlas["objects"]["countries"]["geometries"]
        for ring in _rings(country)
        for piece in _on_the_map(_joined(ring, arcs))
        if len(set(piece)) > 2
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        "  <!-- Countries of Natural Earth (public domain), by world-atlas (ISC, Michael Bostock)."
        " -->\n"
        '  <symbol id="land" viewBox="-1800 -900 3600 1800">'
        '<path vector-effect="non-scaling-stroke"'
        f' d="{"".join(rings)}"/></symbol>\n'
        "</svg>\n"
    ).encode()


def _absolute(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    """Undo what TopoJSON does to its arcs: differences of quantised numbers."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    points: list[Point] = []
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        point = (
            round((x * scale_x + move_x) * TENTHS),
            -round((y * scale_y + move_y) * TENTHS),
        )
        if not points or points[-1] != point:
            points.append(point)
    return points


def _rings(country: dict[str, Any]) -> Iterator[list[int]]:
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    for polygon in polygons:
        yield from polygon


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """The arcs of a ring one after the other; a negative number is one's complement, reversed."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _on_the_map(ring: list[Point]) -> Iterator[list[Point]]:
    """A ring that crosses the date line goes on beyond it, and comes in again on the other side.

    One that goes round the pole (Antarctica) is closed along the map's lower edge.
    """
    turn, shift = 360 * TENTHS, 0
    points = [ring[0]]
    for before, (x, y) in pairwise(ring):
        if abs(x - before[0]) > turn // 2:
            shift += turn if x < before[0] else -turn
        points.append((x + shift, y))
    if points[-1][0] != points[0][0]:
        points += [(points[-1][0], 90 * TENTHS), (points[0][0], 90 * TENTHS)]
    yield points
    for side in (-turn, turn):
        moved = [(x + side, y) for x, y in points]
        if any(-turn // 2 < x < turn // 2 for x, _ in moved):
            yield moved


def _path(points: list[Point]) -> str:
    first, *rest = points
    steps, last = [], first
    for point in rest:
        steps.append(_pair(point[0] - last[0], point[1] - last[1]))
        last = point
    return f"M{_pair(*first)}l{' '.join(steps).replace(' -', '-')}z"


def _pair(x: int, y: int) -> str:
    return f"{x} {y}" if y >= 0 else f"{x}{y}"
