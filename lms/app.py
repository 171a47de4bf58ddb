"""The application, put together: settings, database, and one blueprint for each audience."""

from __future__ import annotations

from flask import Flask

from lms.config import Config, load_config
from lms.kernel.db import db, engine_options
from lms.web import (
    access,
    auth,
    badges,
    coordinate,
    errors,
    facilitate,
    kept_posts,
    learn,
    logging,
    manage,
    security,
    sending,
    site,
    static_files,
    templating,
)
from lms.web.local_facts import LocalWords

BLUEPRINTS = (
    site.blueprint, auth.blueprint, learn.blueprint, facilitate.blueprint, coordinate.blueprint,
    manage.blueprint, badges.blueprint,
)  # fmt: skip


def create_app(config: Config | None = None) -> Flask:
    config = config or load_config()
    app = Flask("lms.web", static_folder=None, instance_path=str(config.instance))
    app.config.update(
        TESTING=config.testing,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        # hide_parameters: what people typed must not reach a log by way of a database error.
        SQLALCHEMY_ENGINE_OPTIONS={**engine_options(config.database_url), "hide_parameters": True},
    )
    app.extensions["lms"] = config
    app.extensions["local_words"] = LocalWords(config.instance / "local")
    db.init_app(app)
    logging.install(app, config.log_level)
    sending.install(app)
    security.install(app, config)
    access.install(app)
    kept_posts.install(app)
    templating.install(app, static_files.install(app), config)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
