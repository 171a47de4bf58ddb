"""The site as an operator runs it: `lms serve` in a process of its own, on a folder made for the test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SECONDS_TO_START = 60
SECONDS_TO_STOP = 40


class Server:
    """One `lms serve`. A later `start` serves the same folder at the same address."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            str(Path(sys.executable).with_name("lms")),
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "1",
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env={**environment, "LMS_INSTANCE_PATH": str(self.instance)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"lms serve did not come up:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    @property
    def log(self) -> Path:
        return self.instance.with_suffix(".log")

    def stop(self) -> None:
        """As an operator stops it."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("lms serve does not stop") from None
            self._process = None

    def kill(self) -> None:
        """As a power failure stops it: the server and its workers, in the middle of whatever they do."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
