"""Builds `outlines.json`: the countries of the two maps of the site as SVG paths.

    python pipelines/reference/scripts/build_outlines.py --atlas DIR

What belongs here: projecting, trimming and simplifying, nothing that runs in the product. Input is Natural Earth
(public domain) as TopoJSON, which the npm package world-atlas carries: `countries-50m.json` for Europe,
`countries-110m.json` for the world. Borders that two countries share are simplified once, so that they stay one line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipelines.reference import FOLDER
from pipelines.reference.projections import project, size

Point = tuple[float, float]
INPUTS = {"europe": "countries-50m.json", "world": "countries-110m.json"}
TOLERANCE = {"europe": 0.9, "world": 0.7}  # units of the map: what is nearer to a straight line is left out
SMALLEST = {"europe": 6.0, "world": 4.0}  # square units: smaller islands are left out
ANTARCTICA = "010"


def main() -> None:
    """Write the file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--atlas", type=Path, required=True, help="folder of the package world-atlas")
    folder = options.parse_args().atlas
    paths = {
        area: outline(area, json.loads((folder / file).read_text(encoding="utf-8"))) for area, file in INPUTS.items()
    }
    (FOLDER / "outlines.json").write_text(json.dumps(paths, indent=1) + "\n", encoding="utf-8")
    print({area: len(path) for area, path in paths.items()})


def outline(area: str, topology: dict[str, Any]) -> str:
    """All countries of a map as one path."""
    arcs = [simplified(points, TOLERANCE[area]) for points in projected(area, topology)]
    parts = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("id") == ANTARCTICA:
            continue
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        for ring in (ring for polygon in polygons for ring in polygon):
            clipped = clip(joined(ring, arcs), *size(area))
            if abs(surface(clipped)) >= SMALLEST[area]:
                parts.append(path(clipped))
    return "".join(parts)


def projected(area: str, topology: dict[str, Any]) -> Iterator[list[Point]]:
    """The lines of a topology on the map; they are stored as steps in a grid."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append(project(area, x * kx + dx, y * ky + dy))
        yield points


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker 1973, without recursion; both ends stay."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, where = max(
            ((distance(points[i], points[first], points[last]), i) for i in range(first + 1, last)), default=(0.0, 0)
        )
        if far > tolerance:
            keep.add(where)
            spans += [(first, where), (where, last)]
    return [points[i] for i in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch; to its start when the stretch is closed."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    t = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0.0
    return float(((x - x1 - t * (x2 - x1)) ** 2 + (y - y1 - t * (y2 - y1)) ** 2) ** 0.5)


def joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A closed line of a topology: arcs one after the other, backwards where the number is a complement."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def clip(points: list[Point], width: float, height: float) -> list[Point]:
    """What lies on the map of a closed line (Sutherland and Hodgman 1974), with a margin that hides the cut."""
    margin = 4
    for axis, limit, sign in ((0, -margin, 1), (0, width + margin, -1), (1, -margin, 1), (1, height + margin, -1)):
        points = list(_cut(points, axis, limit, sign))
    return points


def _cut(points: list[Point], axis: int, limit: float, sign: int) -> Iterator[Point]:
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        was, is_in = (sign * (each[axis] - limit) >= 0 for each in (before, here))
        if was != is_in:
            t = (limit - before[axis]) / (here[axis] - before[axis])
            yield (before[0] + t * (here[0] - before[0]), before[1] + t * (here[1] - before[1]))
        if is_in:
            yield here


def surface(points: list[Point]) -> float:
    """The area of a closed line, in square units."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*points, *points[:1]])) / 2


def path(points: list[Point]) -> str:
    """A closed line in whole units as an SVG path of relative steps."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(whole) if (x1, y1) != (x2, y2)]
    return f"M{whole[0][0]} {whole[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z".replace(" -", "-")


if __name__ == "__main__":
    main()
