"""Pictures of a course, from the version that the reader is pinned to, or the one that is offered."""

from __future__ import annotations

import base64

from flask import Response, request
from flask.typing import ResponseReturnValue

from lms.courses.queries import load_compiled, published
from lms.enrollments.queries import current_enrollment
from lms.kernel.errors import NotFound
from lms.web.access import actor_or_none, public
from lms.web.learn.blueprint import blueprint
from lms.web.reading import session


@blueprint.get("/learn/<course_key>/media/<name>")
@public
def media(course_key: str, name: str) -> ResponseReturnValue:
    """Names carry a digest of the bytes, so a browser may keep them."""
    actor = actor_or_none()
    row = current_enrollment(session(), actor.user_id, course_key) if actor is not None else None
    offered = published(session(), course_key)
    versions = dict.fromkeys(
        v for v in (row.version_id if row else None, offered.id if offered else None) if v
    )
    for version_id in versions:
        for image in load_compiled(session(), version_id).images:
            if image.name == name:
                response = Response(base64.b64decode(image.data), mimetype=image.media_type)
                response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
                # A picture that is opened by itself runs nothing and loads nothing.
                response.headers["Content-Security-Policy"] = (
                    "default-src 'none'; style-src 'unsafe-inline'; sandbox"
                )
                response.set_etag(name)
                return response.make_conditional(request)
    raise NotFound
