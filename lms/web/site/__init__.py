"""Pages for everybody: what is offered, the check of a certificate, help."""

from lms.web.site.views import blueprint

__all__ = ["blueprint"]
