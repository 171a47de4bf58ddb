"""Pages of the site's administrators."""

from lms.web.manage.views import blueprint

__all__ = ["blueprint"]
