"""Politeness: what a source's YAML means to Scrapy.

What belongs here: settings. What does not: which address may be asked (`guard`), robots.txt (`robots`).
"""

from __future__ import annotations

from typing import Any

from scrapers.source import Source

USER_AGENT = "cityharvest/0.1 (harvests pages on intercultural cities; obeys robots.txt)"


def scrapy_settings(source: Source) -> dict[str, Any]:
    """Scrapy's settings for one source. What Scrapy switches on by itself and a harvest must not have is off here."""
    polite = source.politeness
    return {
        "BOT_NAME": "cityharvest",
        "USER_AGENT": USER_AGENT,
        "LOG_LEVEL": "INFO",
        "LOG_VERSIONS": [],
        "STATS_DUMP": False,
        # Politeness. AutoThrottle only ever goes slower than the delay asked for.
        "DOWNLOAD_DELAY": polite.delay,
        "CONCURRENT_REQUESTS": polite.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrency,
        "AUTOTHROTTLE_ENABLED": polite.delay > 0,
        "AUTOTHROTTLE_START_DELAY": polite.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, polite.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.concurrency),
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "DOWNLOAD_MAXSIZE": polite.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": polite.retries,
        "ROBOTSTXT_OBEY": True,
        # Addresses: `guard` is asked before every request, further tries and redirects included; Scrapy's own filters
        # let through what is tried again, and its filter of duplicates would refuse a second round.
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # behind a proxy nobody could say which address is really asked
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "scrapers.guard.PublicResolver",
        "ALLOW_PRIVATE": source.allow_private,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapers.guard.AddressGuard": 40,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapers.robots.CautiousRobots": 100,
            # Undone before redirects, so that what is kept is decoded and redirects are kept too.
            "scrapers.keeping.KeepResponses": 605,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 610,
        },
        # A jar with a Domain cookie makes Scrapy fetch the public suffix list.
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
