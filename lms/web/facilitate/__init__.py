"""Pages of facilitators and of everybody who answers hand-ins."""

from lms.web.facilitate import attendance, cohorts, left, reviews, sessions
from lms.web.facilitate.blueprint import blueprint

__all__ = ["attendance", "blueprint", "cohorts", "left", "reviews", "sessions"]
