"""How pages travel: compressed to who can read it, and not again to who has the same page already.

Only what would be sent is compared, after it was made: a page can never be older than it is. What differs in
each answer and means the same (the time in a form's token) is left out, the session it belongs to is not.
"""

from __future__ import annotations

import gzip
import hashlib

from flask import Flask, Response, g, request, session

SMALLEST = 1_000
"""Bytes below which compressing saves nothing."""
EFFORT = 1
"""Of gzip, 1 to 9: the first leaves a third of a page, the last a tenth less at three times the cost."""


def install(app: Flask) -> None:
    app.after_request(_send)


def _send(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    body = response.get_data()
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.set_etag(_tag(body), weak=True)
        response.make_conditional(request)
        if response.status_code == 304:
            return response
    response.vary.add("Accept-Encoding")
    if len(body) >= SMALLEST and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, EFFORT, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _tag(body: bytes) -> str:
    token = g.get("csrf_token")
    if token:
        body = body.replace(token.encode(), session.get("csrf_token", "").encode())
    return hashlib.sha256(body).hexdigest()[:32]
