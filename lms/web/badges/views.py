"""Addresses that stand in badges, for programs anywhere: no sign-in, no cookie, readable from other sites.

A badge is shown to whoever has its number, as the verification page is, and says no more than that page.
Where the site may not issue badges, none of these addresses is there.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from lms.actions import trying
from lms.credit import badges
from lms.credit.badges.picture import badge_picture
from lms.credit.queries import CertificateRow, certificate
from lms.kernel.canonical import canonical, digest
from lms.kernel.clock import now
from lms.kernel.errors import NotFound, RuleBroken
from lms.kernel.keys import read_certificate_number
from lms.web.access import public
from lms.web.reading import current_config, session
from lms.web.visiting import visitor

blueprint = Blueprint("badges", __name__)

MINUTES = 60
DAY = 24 * 60 * MINUTES


@blueprint.after_request
def _for_every_site(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/.well-known/did.json")
@public
def did_document() -> ResponseReturnValue:
    origin = _origin()
    return _kept(badges.as_text(badges.did_document(origin, _keys())), "application/did+json", 5 * MINUTES)


@blueprint.get("/badges/issuer")
@public
def issuer() -> ResponseReturnValue:
    return _kept(badges.as_text(badges.issuer_profile(_origin())), "application/ld+json", 5 * MINUTES)


@blueprint.get("/badges/keys/<name>")
@public
def key(name: str) -> ResponseReturnValue:
    _origin()
    found = badges.public_key(name, _keys())
    if found is None:
        raise NotFound
    return _kept(badges.as_text(found), "application/jwk+json", DAY)


@blueprint.get("/badges/status/<name>")
@public
def status_list(name: str) -> ResponseReturnValue:
    origin = _origin()
    wanted = badges.list_named(name)
    found = badges.ended(session(), wanted) if wanted is not None else None
    if wanted is None or found is None:
        raise NotFound
    made = badges.status_credential(wanted, found, origin, _keys())
    return _kept(made, badges.MEDIA_TYPES["json"], 5 * MINUTES)


@blueprint.get("/badges/<number>")
@public
def badge(number: str) -> ResponseReturnValue:
    return _badge(number, "json")


@blueprint.get("/badges/<number>.<shape>")
@public
def badge_file(number: str, shape: str) -> ResponseReturnValue:
    known = next((known for known in badges.MEDIA_TYPES if known == shape), None)
    if known is None:
        raise NotFound
    return _badge(number, known, as_file=True)


@blueprint.get("/badges/<number>/picture.png")
@public
def picture(number: str) -> ResponseReturnValue:
    _origin()
    course = _row(number).frozen["course"]
    return _kept(badge_picture(course["key"], course["title"], "png"), "image/png", DAY)


def _badge(number: str, shape: badges.Shape, *, as_file: bool = False) -> Response:
    origin = _origin()
    row, keys = _row(number), _keys()
    # The same row, site and keys give the same bytes: who has them is told so before anything is signed.
    site = digest(canonical([origin.url, origin.operator]))
    name = f"{badges.FORMAT}-{shape}-{row.digest[:24]}-{site[:12]}-{keys.public[0].jwk['kid'][:12]}"
    if request.if_none_match.contains(name):
        response = Response(status=304)
    else:
        response = Response(
            badges.badge(row, shape, origin, keys), content_type=_typed(badges.MEDIA_TYPES[shape])
        )
    response.set_etag(name)
    response.headers["Cache-Control"] = "private, no-cache"
    if as_file:
        response.headers["Content-Disposition"] = f'attachment; filename="{row.number}-badge.{shape}"'
    return response


def _row(number: str) -> CertificateRow:
    """Unknown numbers are counted, as on the verification page."""
    row = certificate(session(), number)
    if row is None:
        if read_certificate_number(number) is not None:
            try:
                trying.count_unknown_number(visitor())
            except RuleBroken:
                abort(429)
        raise NotFound
    return row


def _origin() -> badges.Origin:
    config = current_config()
    if badges.why_no_badges(config.site_url):
        raise NotFound
    return badges.Origin(config.site_url, config.operator_name)


def _keys() -> badges.KeyRing:
    return badges.key_ring(current_config().keys_folder, now())


def _kept(body: str | bytes, media_type: str, seconds: int) -> Response:
    """An answer that is the same for everybody and may be kept for a while."""
    response = Response(body, content_type=_typed(media_type))
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    response.make_conditional(request)
    return response


def _typed(media_type: str) -> str:
    return "text/plain; charset=utf-8" if media_type == "text/plain" else media_type
