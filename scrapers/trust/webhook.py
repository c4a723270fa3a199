"""The webhook: one message about a run that failed or came short.

What belongs here: sending it. What does not: when a run is bad (`trust`), retries: the table of sources says the same.

The address is that of the source's YAML, which must be public, or of the environment, which may be anywhere since the
operator set it. Nothing is followed and nothing is read but the status; a hook that fails is a warning.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import socket
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

from scrapers.addresses import is_public
from scrapers.captures.records import RunRecord
from scrapers.source import Source

LOG = logging.getLogger("cityharvest.webhook")
VARIABLE = "CITYHARVEST_WEBHOOK"
SECONDS = 5.0


def report(source: Source, record: RunRecord) -> None:
    """Tell the hooks of a run that is not good; never raises, and takes five seconds at most."""
    if record.verdict in (None, "good"):
        return
    hooks = [(os.environ.get(VARIABLE, "").strip(), True), (source.webhook or "", False)]
    for url, may_be_private in hooks:
        if url:
            _send_in_time(url, message(record), may_be_private)


def message(record: RunRecord) -> dict[str, Any]:
    """What is sent: the heart of `run.json`, and a line for people."""
    names = {"source", "run_id", "outcome", "verdict", "finish_reason", "captures", "items", "usual_items", "errors"}
    told = record.model_dump(mode="json", include=names | {"likely_cause", "next_step", "finished_at"})
    text = f"{record.source}: the crawl was {record.verdict}: {record.likely_cause}. Next: {record.next_step}"
    return told | {"text": text}


def _send_in_time(url: str, told: dict[str, Any], may_be_private: bool) -> None:
    said: list[str] = []
    # A server that answers a byte at a time would outlast any timeout of the socket.
    thread = threading.Thread(target=lambda: said.append(_send(url, told, may_be_private)), daemon=True)
    thread.start()
    thread.join(SECONDS)
    problem = said[0] if said else f"no answer within {SECONDS:.0f} seconds"
    if problem:
        LOG.warning("webhook %s of %s: %s", _shown(url), told["source"], problem)


def _shown(url: str) -> str:
    """The host only: keys and passwords stand in the rest."""
    try:
        return urlsplit(url).hostname or "without a host"
    except ValueError:
        return "that is no address"


def _send(url: str, told: dict[str, Any], may_be_private: bool) -> str:
    """What went wrong; empty when nothing did."""
    try:
        parts = urlsplit(url)
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, may_be_private)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, json.dumps(told).encode(), {"Content-Type": "application/json"})
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    return "" if 200 <= status < 300 else f"it answered {status}"


def _connection(scheme: str, host: str, port: int | None, may_be_private: bool) -> http.client.HTTPConnection:
    if scheme not in ("http", "https") or not host:
        raise ValueError("the address is not http or https")
    made: Any = (
        http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
        if scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=SECONDS)
    )
    if not may_be_private:
        made._create_connection = _public_connection  # the one place where the address that is used can be seen
    connection: http.client.HTTPConnection = made
    return connection


def _public_connection(*args: Any, **kwargs: Any) -> socket.socket:
    """A connection that is dropped, before a byte is sent, when it leads to a private network."""
    made = socket.create_connection(*args, **kwargs)
    if not is_public(str(made.getpeername()[0])):
        made.close()
        raise ValueError(f"it leads to a private address; only {VARIABLE} may name one")
    return made
