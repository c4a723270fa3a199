"""The digest of a body as it came over the wire.

What belongs here: noting it before codings are undone. What does not: undoing them (`decoding`), comparing digests
(`originals`).

An index names the digest of what the site once sent, its compression included, and a replay passes that on as it is.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from scrapers.captures.decoding import Decode
from warehouse.captures import payload_digest

WIRE = "archive_wire"
"""Key of `request.meta`: the digest of the body as it came, and whether it had a content coding."""


class NotedDecode(Decode):
    """The middleware that undoes codings, after the digest is noted. A range of a file is asked for as it is."""

    def process_request(self, request: Request) -> None:
        """Say which codings are understood; of a part of a file only none is."""
        super().process_request(request)
        if b"Range" in request.headers:
            request.headers[b"Accept-Encoding"] = b"identity"

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response with its body free of codings."""
        request.meta[WIRE] = (payload_digest(response.body), bool(response.headers.get("Content-Encoding")))
        return super().process_response(request, response)
