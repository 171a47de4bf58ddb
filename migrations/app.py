"""For developers: the application with Flask-Migrate's commands, which no running site needs.

A new step, from the difference between models and database:
`flask --app migrations.app db migrate -m "what changes"`. Then read it: partial indexes and triggers are not
compared (`tests/migrations` does that), and a table made anew on SQLite needs its triggers again.
"""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from lms.app import create_app as site
from lms.kernel.db import db
from lms.kernel.migration import DIRECTORY


def create_app() -> Flask:
    app = site()
    Migrate(app, db, directory=str(DIRECTORY), render_as_batch=True)
    return app
