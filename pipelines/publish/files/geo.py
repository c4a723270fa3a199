"""`places.geojson` (RFC 7946): the cities that entries name, as points with how much of each kind they have.

What belongs here: one feature a city. What does not: which cities there are (`pipelines.reference`), maps.

A city without coordinates is a feature whose geometry is null, as section 3.2 of the RFC has it; `bbox` is that of all
points. Coordinates are longitude first, WGS 84.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.facts import ReleaseFacts

FILE = "places.geojson"
_CITIES = """
WITH named AS (FROM entries SELECT DISTINCT entry_id, kind, unnest(city_ids) AS city_id),
counted AS (FROM named SELECT city_id, kind, count(*) AS number GROUP BY ALL),
listed AS (FROM counted SELECT city_id, map_from_entries(list((kind, number) ORDER BY kind)) AS kinds GROUP BY city_id)
FROM cities JOIN listed USING (city_id)
SELECT city_id, name, country, status, longitude, latitude, kinds ORDER BY city_id"""


def write_places(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> None:
    """Write the file. Raises duckdb.Error or OSError."""
    features = [_feature(*row) for row in con.execute(_CITIES).fetchall()]
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    head: dict[str, Any] = {"type": "FeatureCollection", "name": "Cities that entries name", "release": facts.name}
    if points:
        east, north = zip(*points, strict=True)
        head["bbox"] = [min(east), min(north), max(east), max(north)]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    head_text = json.dumps(head, ensure_ascii=False).removesuffix("}")
    (folder / FILE).write_text(f'{head_text}, "features": [\n{lines}\n]}}\n', encoding="utf-8")


def _feature(
    city_id: str,
    name: str,
    country: str,
    status: str,
    longitude: float | None,
    latitude: float | None,
    kinds: dict[str, int],
) -> dict[str, Any]:
    known = longitude is not None and latitude is not None
    about = {"name": name, "country": country, "status": status, "entries": sum(kinds.values())}
    return {
        "type": "Feature",
        "id": city_id,
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]} if known else None,
        "properties": about | {"kinds": kinds},
    }
