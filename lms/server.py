"""The production server and its settings. Knows no application: whoever starts it brings one."""

from __future__ import annotations

import gc
import multiprocessing
from typing import Any

WORKERS = 2
THREADS = 2
"""In a worker: enough to answer while one waits for its turn to write, few enough not to contend."""
SECONDS_TO_FINISH = 30
"""For requests under way when the server is told to stop."""


def run_server(app: Any, host: str, port: int, workers: int = WORKERS, threads: int = THREADS) -> None:
    """Serve until told to stop. Workers are forked from this process: they share what is loaded already."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    multiprocessing.set_start_method("fork", force=True)
    gc.collect()
    gc.freeze()
    server = Server(
        "lms.app:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=lambda: app, wrap_loader=False)
