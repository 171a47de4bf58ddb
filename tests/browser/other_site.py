"""The same folder served once more by the tests' own process, for what the running site does not show: the
demonstration's banner, the words of a site that sends mail, badges, which need a public address, a page that
breaks, and what the authors' preview says before there is anything to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

from flask import Flask, render_template
from werkzeug.serving import WSGIRequestHandler, make_server

from lms.app import create_app
from lms.config import load_config
from lms.web.access import public

SETTINGS = {"mail_server": "smtp://127.0.0.1:9", "site_url": "https://learning.harbor.example"}


@public
def _broken() -> str:
    raise ValueError("the page that breaks")


@public
def _preview() -> str:
    return render_template("preview/nothing.html", words="The course is being read for the first time.")


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def served(instance: Path) -> Iterator[str]:
    """The address of the other site. People who are signed in on the first are signed in here: the keys are
    the same, and a cookie knows no port."""
    config = load_config({"LMS_INSTANCE_PATH": str(instance)})
    app: Flask = create_app(replace(config, demo=True, log_level="ERROR", **SETTINGS))
    app.add_url_rule("/broken", "broken", _broken)
    app.add_url_rule("/preview", "preview", _preview)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
