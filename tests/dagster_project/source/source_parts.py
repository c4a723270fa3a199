"""What the tests of `cityharvest source` share: the YAML of a source of a local site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from offering import Offering

Verb = Callable[..., tuple[int, str, str]]
"""Runs `cityharvest source VERB ...`: exit code, stdout, stderr."""


def written(own: Path, site: Offering, **changes: Any) -> Path:
    """The YAML of a source of the site, with comments."""
    fields: dict[str, Any] = {
        "key": "haus",
        "title": "Termine im Haus",
        "publisher": "Haus der Vielfalt",
        "country": "AT",
        "languages": ["de"],
        "scope": "city",
        "status": "candidate",
        "strategy": "html",
        "start": [f"{site.url}/termine/"],
        "patterns": [f"127.0.0.1:{site.port}/termine[/{{rest...}}]"],
        "allow_private": True,
        "cron": "20 3 * * *",
        "politeness": {"delay": 0, "retries": 0, "backoff": 0.1},
        "thresholds": {"min_entries": 4, "min_dated": 0.8},
    } | changes
    path = own / f"{fields['key']}.yaml"
    text = "# Ours, looked at by hand.\n" + yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    path.write_text(text.replace("status: candidate\n", "status: candidate  # until somebody looked\n"), "utf-8")
    return path
