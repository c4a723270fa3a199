"""Writing the site into a release: the page's own parts as they are, and the data beside them.

What belongs here: which file there is, and in which order. What does not: what stands in it.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

import duckdb

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.site import about, scripts
from pipelines.publish.site.codes import dimensions, drop_codes, make_codes
from pipelines.publish.site.rows import KINDS, PRECISIONS, STATUSES, YEARS, write_rows
from pipelines.publish.site.scripts import as_json, writer

FOLDER = "site"  # its data lie in `scripts.FOLDER`
_PAGE = Path(__file__).with_name("page")
_FRAME = "index.html"


def write_site(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> None:
    """Write `site/`; the other data files must be there already. Raises duckdb.Error or OSError."""
    site = folder / FOLDER
    write = writer(folder / scripts.FOLDER, facts.name)
    for part in sorted(_PAGE.iterdir()):
        if part.name != _FRAME:
            (site / part.name).write_bytes(part.read_bytes())
    frame = Template((_PAGE / _FRAME).read_text(encoding="utf-8"))
    (site / _FRAME).write_text(frame.substitute(release=facts.name), encoding="utf-8")
    make_codes(con)
    rows = write_rows(con, write)
    write("first", as_json(_first(con, facts) | rows))
    write("map", as_json(about.maps()))
    write("changes", as_json(about.changes(con, folder, facts)))
    write("sources", as_json(about.sources(con, folder)))
    write("dictionary", as_json(about.dictionary(facts)))
    write("downloads", as_json(about.downloads(folder)))
    drop_codes(con)


def _first(con: duckdb.DuckDBPyConnection, facts: ReleaseFacts) -> dict[str, Any]:
    """What the first view needs beside rows: the release, and the filters with the number of entries of each value."""
    kinds = dict(con.execute("FROM entries SELECT kind, count(*) GROUP BY kind").fetchall())
    going_on = f"FROM entries SELECT unnest(range({YEARS[0]}, {YEARS[1]} + 1)) AS year WHERE start_date IS NOT NULL"
    years = con.execute(f"FROM ({going_on}) SELECT year, count(*) GROUP BY year ORDER BY year").fetchall()
    online = con.execute("FROM entries SELECT count(*) FILTER (is_online)").fetchall()[0][0]
    return {
        "release": facts.name,
        "created": facts.created,
        "kinds": [[kind, kinds.get(kind, 0)] for kind in KINDS],
        "precisions": PRECISIONS,
        "statuses": STATUSES,
        "years": years,
        "online": online,
        "dimensions": dimensions(con),
    }
