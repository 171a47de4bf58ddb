"""Accounts as their owners see them: joining, signing in, passwords, the profile."""

from lms.web.auth import profile_views, views
from lms.web.auth.blueprint import blueprint

__all__ = ["blueprint", "profile_views", "views"]
