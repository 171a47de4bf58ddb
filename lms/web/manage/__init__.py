"""Pages of the site's administrators, and of authors who publish courses."""

from lms.web.manage import awarding_bodies, courses, views
from lms.web.manage.blueprint import blueprint

__all__ = ["awarding_bodies", "blueprint", "courses", "views"]
