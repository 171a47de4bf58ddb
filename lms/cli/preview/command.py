"""The command: serve, watch, and leave nothing behind."""

from __future__ import annotations

import gc
import signal
import tempfile
import threading
from pathlib import Path

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from lms.cli.folders import files_of
from lms.cli.preview.pages import install
from lms.cli.preview.stage import Stage
from lms.cli.preview.watching import watch
from lms.cli.serve import claim

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """No line for each request: the terminal is for the author."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(1, 65535), default=8010, show_default=True)
def preview(folder: Path, port: int) -> None:
    """Show FOLDER as a learner would see it.

    Every problem stands in its place. Ctrl+C stops it. Each save shows at once in the open page. Only
    this machine can reach it. What is typed there is not kept, and no site is needed.
    """
    files_of(folder)
    claim(HOST, port)
    for ended in ("SIGTERM", "SIGHUP"):  # a closed terminal is to leave nothing behind either
        if hasattr(signal, ended):
            signal.signal(getattr(signal, ended), signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="lms-preview-") as instance:
        stage = Stage(Path(instance), folder)
        install(stage.app, stage, hosts=(f"{HOST}:{port}", f"localhost:{port}"))
        stage.show()
        gc.freeze()  # what the program itself is made of need not be looked through at each save
        stop = threading.Event()
        watcher = threading.Thread(target=watch, args=(folder, stage.show, stop), daemon=True)
        watcher.start()
        server = make_server(HOST, port, stage.app, threaded=True, request_handler=_Quiet)
        click.echo(f"{folder} is at http://{HOST}:{port} and follows what you save. Ctrl+C stops it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
        finally:
            stop.set()
            watcher.join()
            server.server_close()
            stage.close()
