"""What a view may reach for: the settings of this start and the request's session, for reading only."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from lms.config import Config
from lms.kernel.db import db


def current_config() -> Config:
    config: Config = current_app.extensions["lms"]
    return config


def session() -> Session:
    """The request's session. It is for queries: whoever writes opens a `transaction()` in an action."""
    return db.session()
