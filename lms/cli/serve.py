"""`lms serve`: the site on a production server, from an empty folder to the first page."""

from __future__ import annotations

import errno
import logging
import os
import socket
from pathlib import Path

import click
from flask import Flask

from lms.app import create_app
from lms.cli.demo.district import has_demo, make_demo, new_passwords
from lms.cli.first_start import prepare
from lms.config import load_config
from lms.kernel.db import db
from lms.server import THREADS, WORKERS, run_server


@click.command()
@click.option("--demo", is_flag=True, help="A made-up district to try the site with, in instance/demo/.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 answers other machines too.")
@click.option("--workers", type=click.IntRange(1, 64), default=WORKERS, show_default=True, help="Processes.")
@click.option(
    "--threads", type=click.IntRange(1, 64), default=THREADS, show_default=True, help="In each process."
)
def serve(demo: bool, port: int, host: str, workers: int, threads: int) -> None:
    """Serve the site. Ctrl+C stops it; requests that have begun are finished first.

    The first start makes the database and publishes the courses. A later start migrates the database if
    this release needs it, and refuses one that a newer release has used.
    """
    claim(host, port)
    config = load_config(demo=demo)
    app = create_app(config)
    if demo and "LMS_LOG_LEVEL" not in os.environ:
        logging.getLogger("lms").setLevel(logging.WARNING)  # the screen is for how to sign in
    prepare(app, config, click.echo)
    if demo:
        _demo(app, config.instance / "half-made", address(host, port))
    else:
        click.echo(f"Serving at {address(host, port)} from {config.instance}. Ctrl+C stops it.")
    run_server(app, host, port, workers, threads)


def address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def claim(host: str, port: int) -> None:
    """Fail early and in words when the port is taken: the server would share it in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (socket.gaierror, UnicodeError) as error:  # no name of a machine, or none that is known
            raise click.ClickException(f"There is no host {host}. Choose another with --host.") from error
        except OSError as error:
            why = error.strerror or str(error)
            other = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
            raise click.ClickException(
                f"Port {port} of {host} cannot be used: {why}. Choose another with {other}."
            ) from error


def _demo(app: Flask, half_made: Path, where: str) -> None:
    """Make the district on the first start, and say how to sign in as each of its people."""
    if half_made.exists():
        raise click.ClickException("The demo was stopped while it was made. Begin it anew: `lms demo reset`")
    with app.app_context():
        if not has_demo(db.session()):
            click.echo("Making a small district to try the site with.")
            half_made.touch()
            make_demo()
            half_made.unlink()
        fresh = new_passwords()
        db.session.remove()
        db.engine.dispose()
    click.echo(f"\nThe demo is at {where}. Sign in at {where}/sign-in with one of these:\n")
    for person, secret in fresh.items():
        click.echo(f"  {person.email:<30} {secret:<28} {person.what}")
    click.echo("\nThese passwords last until the next start. Nothing here is real, and it all stays in the")
    click.echo("demo's own folder. Ctrl+C stops it.")
