"""Pages of the site's administrators, and of authors who publish courses."""

from lms.web.manage import courses, views
from lms.web.manage.blueprint import blueprint

__all__ = ["blueprint", "courses", "views"]
