"""Certificates: the page and the PDF, for their owner and for who may see them."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission, Target
from lms.actions.printing import print_certificate, print_tag
from lms.credit.queries import CertificateRow, certificate
from lms.kernel.errors import NotFound
from lms.web.access import allowed, current_actor
from lms.web.learn.blueprint import blueprint
from lms.web.learn.pages.certificate import certificate_page
from lms.web.reading import current_config, session


def _row(number: str) -> CertificateRow:
    row = certificate(session(), number)
    if row is None:
        raise NotFound
    return row


def certificate_target(number: str) -> Target:
    row = _row(number)
    return Target(user_id=row.user_id, organization_id=row.organization_id)


def _site_url() -> str:
    return current_config().site_url or request.host_url.rstrip("/")


@blueprint.get("/certificates/<number>", endpoint="certificate")
@allowed(Permission.CERTIFICATE_VIEW, target=certificate_target)
def show_certificate(number: str) -> ResponseReturnValue:
    row = _row(number)
    own = row.user_id == current_actor().user_id
    page = certificate_page(row, own, _site_url(), current_config().site_url)
    return render_template("learn/certificate.html", page=page)


@blueprint.get("/certificates/<number>.pdf", endpoint="certificate_pdf")
@allowed(Permission.CERTIFICATE_VIEW, target=certificate_target)
def certificate_pdf_file(number: str) -> ResponseReturnValue:
    row = _row(number)
    response = Response(mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    response.set_etag(print_tag(row, _site_url()))
    response.make_conditional(request)
    if response.status_code != 304:  # who has it already needs no print
        response.set_data(print_certificate(row, _site_url()))
    return response
