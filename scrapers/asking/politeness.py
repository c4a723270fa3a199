"""Politeness: what a source's YAML means to Scrapy.

What belongs here: settings, and how we introduce ourselves. What does not: which address may be asked (`guard`),
robots.txt (`robots`), waiting (`pace`).

Not among the middlewares, on purpose: cookies, proxies (behind one nobody could say which address is really asked),
refreshes by `<meta>`, a cache of its own, a console.
"""

from __future__ import annotations

import os
import re
from typing import Any

from scrapers.asking.robots import AGENT
from scrapers.source import Source

CONTACT = "CITYHARVEST_CONTACT"
"""Environment variable: a mail or web address of those who run the harvest, for those who are harvested."""
_EXTENSIONS = ("logcount.LogCount", "closespider.CloseSpider", "logstats.LogStats", "throttle.AutoThrottle")
_NO_CONTACT = re.compile(r"[^!#-'*+\-./0-9:=?@A-Z^_a-z~%&]")


def user_agent(contact: str | None = None) -> str:
    """How we introduce ourselves; the contact is taken from the environment when none is given."""
    given = _NO_CONTACT.sub("", contact if contact is not None else os.environ.get(CONTACT, ""))[:200]
    whom = f"; contact {given}" if given else ""
    return f"{AGENT}/0.1 (harvests pages on intercultural cities; obeys robots.txt{whom})"


def scrapy_settings(source: Source) -> dict[str, Any]:
    """Scrapy's settings for one source. What Scrapy switches on by itself and a harvest must not have is left out."""
    polite = source.politeness
    return {
        "BOT_NAME": "cityharvest",
        "USER_AGENT": user_agent(),
        "LOG_LEVEL": "INFO",
        "LOG_VERSIONS": [],
        "STATS_DUMP": False,
        # Politeness. AutoThrottle only ever goes slower than the delay asked for.
        "DOWNLOAD_DELAY": polite.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # the delay is the least; half of it now and then is less
        "CONCURRENT_ITEMS": 1,  # there are none, and Scrapy makes as many tasks for every response
        "CONCURRENT_REQUESTS": polite.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrency,
        "AUTOTHROTTLE_ENABLED": polite.delay > 0,
        "AUTOTHROTTLE_START_DELAY": polite.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, polite.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.concurrency),
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "CLOSESPIDER_TIMEOUT": polite.run_time,
        "DOWNLOAD_MAXSIZE": polite.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": polite.retries,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": AGENT,
        # Addresses: `guard` is asked before every request, further tries and redirects included; Scrapy's own filters
        # let through what is tried again, and its filter of duplicates would refuse a second round.
        "REDIRECT_MAX_TIMES": 5,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "scrapers.asking.guard.PublicResolver",
        "ALLOW_PRIVATE": source.allow_private,
        # All that a request passes through, from the engine to the wire and back. Scrapy's own lists are left out: it
        # loads also what they switch off, which costs half a second of every crawl.
        "EXTENSIONS_BASE": {f"scrapy.extensions.{name}": 0 for name in _EXTENSIONS},
        # Of what comes back only the status is looked at: depth, length and referrer of an address are not used.
        "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapers.asking.guard.AddressGuard": 40,
            "scrapers.asking.robots.CautiousRobots": 100,
            "scrapers.asking.pace.Pace": 110,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "scrapers.asking.retrying.PatientRetry": 550,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
            # Nearest to the wire, so that redirects are kept too, each address has its own validators, and what is
            # kept is decoded.
            "scrapers.asking.conditional.AskForChanges": 604,
            "scrapers.captures.keeping.KeepResponses": 605,
            "scrapers.captures.decoding.Decode": 610,
        },
        "COOKIES_ENABLED": False,
    }
