"""Opening the site for one command: its settings, its database in the right state, an application context."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from msgspec import Struct
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.app import create_app
from lms.config import Config, load_config
from lms.kernel.db import db
from lms.kernel.migration import State, check_database

WHY_NOT: dict[State, str] = {
    "empty": "The database is empty. Start the site once with `lms serve`.",
    "behind": "The database is of an older release. Back it up, then start the site once with `lms serve`.",
    "newer": "The database is of a newer release than this program. Update the program.",
    "half_migrated": (
        "The last migration of the database stopped half way. Restore the backup made before it,"
        " then start the site again."
    ),
    "foreign": "The database holds tables of something else. Choose another one with LMS_DATABASE_URL.",
}


class Site(Struct, frozen=True):
    config: Config
    app: Flask


@contextmanager
def opened(*, demo: bool) -> Iterator[Site]:
    """The site with an application context. A database that is not current is refused, and none is made."""
    config = load_config(demo=demo, make=False)
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise click.ClickException(WHY_NOT["empty"])
    app = create_app(config)
    with app.app_context():
        try:
            state = state_of_database()
            if state != "current":
                raise click.ClickException(WHY_NOT[state])
            yield Site(config, app)
        except OperationalError as error:  # a full disk, a server that went away
            raise unusable(error) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def state_of_database() -> State:
    """In one line what is wrong with a database that does not answer, or is none."""
    try:
        return check_database(db.engine)
    except DBAPIError as error:
        raise unusable(error) from error


def unusable(error: DBAPIError) -> click.ClickException:
    why = str(error.orig).strip().splitlines() or ["it did not say why"]
    return click.ClickException(f"The database cannot be used: {why[0].rstrip('.')}.")


def with_site(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command that works on the site: gives it `--demo`, and the open site as its first argument."""

    @click.option("--demo", is_flag=True, help="Work on the demo site in instance/demo/ instead.")
    @functools.wraps(function)
    def command(*args: Any, demo: bool, **kwargs: Any) -> Any:
        with opened(demo=demo) as site:
            return function(site, *args, **kwargs)

    return command
