"""Servers under measurement: started like `lms serve`, watched through /proc, stopped gently."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import HOST, get, run

TICKS = os.sysconf("SC_CLK_TCK")
READY_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int
    start_seconds: float
    """From the start of the process to its first answer."""

    def processes(self) -> tuple[int, ...]:
        """The process and all below it."""
        found = [self.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found.extend(map(int, children.read_text().split()))
        return tuple(dict.fromkeys(found))

    def cpu_seconds(self) -> float:
        """User and system time of the whole tree until now."""
        total = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def worker_pss_mb(self) -> float:
        """The largest worker's share of memory, in MB (10^6 bytes)."""
        return max(_pss_kb(pid) for pid in self.processes()[1:]) * 1024 / 1_000_000


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: list[str], port: int, path: str, environment: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """Start `command` and wait until `path` answers 200; at the end SIGTERM, and an exit code of 0."""
    start = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for(process, port, path, log, start + READY_WITHIN)
        yield Server(process.pid, port, time.perf_counter() - start)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
    if code:
        raise RuntimeError(f"{command[0]} ended with {code}: {log.read_text()[-2000:]}")


def _wait_for(process: subprocess.Popen[bytes], port: int, path: str, log: Path, until: float) -> None:
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once: {log.read_text()[-2000:]}")
        try:
            if not run(port, 1, lambda _client, _turn: get(path, host=f"{HOST}:{port}"), count=1).wrong:
                return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"no answer from {path} within {READY_WITHIN} s")
