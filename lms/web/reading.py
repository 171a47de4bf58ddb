"""What a view may reach for: the settings of this start and the request's session, for reading only."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from lms.config import Config
from lms.content.nodes import Course
from lms.courses.queries import load_compiled
from lms.kernel.db import db
from lms.web.local_facts import LocalWords


def current_config() -> Config:
    config: Config = current_app.extensions["lms"]
    return config


def compiled(version_id: int) -> Course:
    """A version of a course as this site shows it: with the operator's own local facts."""
    local: LocalWords = current_app.extensions["local_words"]
    return local.of(load_compiled(session(), version_id))


def session() -> Session:
    """The request's session. It is for queries: whoever writes opens a `transaction()` in an action."""
    return db.session()
