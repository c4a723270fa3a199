"""Spiders, one a way to walk. They find links and hand responses on to be kept; they know no date and no database.

What belongs here: the spider of a strategy. What does not: anything that a spider does.
"""

from __future__ import annotations

from scrapers.spiders.archive import ArchiveSpider
from scrapers.spiders.base import HarvestSpider
from scrapers.spiders.liferay import LiferaySpider
from scrapers.spiders.links import LinksSpider


def spider_of(strategy: str) -> type[HarvestSpider]:
    """The spider that crawls a source of a strategy; the readers of all but portals say where their lists go on."""
    return {"liferay": LiferaySpider, "archive": ArchiveSpider}.get(strategy, LinksSpider)
