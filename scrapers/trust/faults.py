"""Faults by class: what went wrong with a request, in the words of `run.json`.

    browser                                     the browser that renders pages did not start
    dns, refused, timeout, tls, connection      the server was not reached, or went away
    too large, bomb, truncated body             an answer that is not taken
    http NNN, throttled                         an answer that is no page
    robots, private address, trap, not http, other host, offsite redirect, redirect circle, budget, daily budget
                                                a request that was not sent
    captcha, login page, cookie wall, soft 404, error page, redirect to home page
                                                an answer 200 that is not the page (`refused`)
    archive error page, archive redirect, other record, truncated record, damaged record, digest mismatch, damaged index
                                                what an archive gives in the place of a capture (`archive`)
    changed layout, spider NAME                 a page that we can not make anything of, a fault of ours

What belongs here: classes of failures and answers. What does not: recognising pages that lie (`refused`), what a class
means for the run (`trust`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from scrapers.asking.guard import refused_names

_CLASSES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too large"),
    (ResponseDataLossError, "truncated body"),
    (DownloadFailedError, "connection"),
)
_OF_TLS = ("OpenSSL", "service_identity")  # the libraries that check certificates; their errors have no common class
THROTTLES = (429, 503)


def fault_class(error: BaseException) -> str:
    """The class of a failure."""
    reason = getattr(error, "reason", None)
    if isinstance(error, HttpError):
        return status_class(error.response)
    if isinstance(reason, str):
        return reason
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return "redirect circle"
    if any(name in str(error) for name in refused_names):
        return "private address"
    if any(type(cause).__module__.partition(".")[0] in _OF_TLS for cause in _causes(error)):
        return "tls"
    return next((name for kind, name in _CLASSES if isinstance(error, kind)), type(error).__name__)


def status_class(response: Response) -> str:
    """The class of an answer that is no page; 503 is a matter of patience only when it says how much."""
    status = response.status
    is_throttle = status == THROTTLES[0] or (status in THROTTLES and response.headers.get("Retry-After"))
    return "throttled" if is_throttle else f"http {status}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it, Twisted's lists of reasons too."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        reasons = getattr(found, "reasons", None) or []
        waiting += [found.__cause__, found.__context__, *(getattr(reason, "value", None) for reason in reasons)]
