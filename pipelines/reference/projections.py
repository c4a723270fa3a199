"""The two maps that places are drawn on: where a point of the globe lies on each, and the outlines of countries.

What belongs here: the projections, as their authors give them, and the loader of `outlines.json`. What does not: how a
map looks.

    europe   Lambert azimuthal equal-area around 52° N 10° E (the projection of the European statistical grid), a window
    world    Equal Earth (Šavrič, Patterson, Jenny 2018) around 11.5° E, so that its edge runs through the Bering Strait
             and cuts no country; without Antarctica

Both keep areas, so that a country in the north looks no larger than it is. A map's x goes right and its y down, in
units of `SCALE` kilometres.
"""

from __future__ import annotations

import json
import math
from functools import cache

from pipelines.reference import FOLDER

RADIUS = 6371.0088
SCALE = {"europe": 5.0, "world": 20.0}
# West, north, east, south of each window, in kilometres from the middle of its projection.
WINDOWS = {"europe": (-2450.0, 2250.0, 3050.0, -2000.0), "world": (-15200.0, 8350.0, 16700.0, -6900.0)}
_MIDDLE = (math.radians(10), math.radians(52))
_MERIDIAN = math.radians(11.5)
_EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)


def size(area: str) -> tuple[int, int]:
    """Width and height of a map, in its units."""
    west, north, east, south = WINDOWS[area]
    return round((east - west) / SCALE[area]), round((north - south) / SCALE[area])


def project(area: str, longitude: float, latitude: float) -> tuple[float, float]:
    """Where a point (degrees, WGS 84) lies on a map; it may lie outside its window."""
    x, y = (_azimuthal if area == "europe" else _equal_earth)(math.radians(longitude), math.radians(latitude))
    west, north, _, _ = WINDOWS[area]
    return (x * RADIUS - west) / SCALE[area], (north - y * RADIUS) / SCALE[area]


def position(area: str, longitude: float, latitude: float) -> list[int] | None:
    """The point in whole units; None when it is not on the map."""
    x, y = (round(each) for each in project(area, longitude, latitude))
    width, height = size(area)
    return [x, y] if 0 <= x <= width and 0 <= y <= height else None


@cache
def outlines() -> dict[str, str]:
    """The countries of each map as one SVG path, in its units; made by `scripts/build_outlines.py`."""
    return dict(json.loads((FOLDER / "outlines.json").read_text(encoding="utf-8")))


def _azimuthal(longitude: float, latitude: float) -> tuple[float, float]:
    """Snyder 1987, Map Projections: a working manual, equations 22-4, 24-2, 24-13 and 24-14."""
    east, middle = longitude - _MIDDLE[0], _MIDDLE[1]
    along = math.cos(latitude) * math.cos(east)
    nearness = 1 + math.sin(middle) * math.sin(latitude) + math.cos(middle) * along
    k = math.sqrt(2 / max(nearness, 1e-9))  # the point opposite of the middle lies nowhere
    return (
        k * math.cos(latitude) * math.sin(east),
        k * (math.cos(middle) * math.sin(latitude) - math.sin(middle) * along),
    )


def _equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    a1, a2, a3, a4 = _EQUAL_EARTH
    east = (longitude - _MERIDIAN + math.pi) % math.tau - math.pi
    t = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    return 2 * math.sqrt(3) * east * math.cos(t) / (3 * slope), t * (a4 * t**8 + a3 * t**6 + a2 * t**2 + a1)
