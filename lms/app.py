"""The application, put together: settings, database, and one blueprint for each audience."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

from lms.config import Config, load_config
from lms.kernel.db import db, engine_options
from lms.web import access, errors, kept_posts, logging, security, static_files, templating

AREAS = ("site", "auth", "learn", "facilitate", "coordinate", "manage")


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
    db.init_app(app)
    logging.install(app, config.log_level)
    security.install(app, config)
    access.install(app)
    kept_posts.install(app)
    templating.install(app, static_files.install(app), config)
    errors.install(app)
    for area in AREAS:
        if find_spec(f"lms.web.{area}") is not None:
            module = import_module(f"lms.web.{area}")
            if hasattr(module, "blueprint"):
                app.register_blueprint(module.blueprint)
    return app
