"""`lms serve` from outside: it starts, says where, refuses what it must, and stops without cutting anybody off."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

from lms.config import ROOT
from tests.benchmarks.load import ask, get
from tests.benchmarks.servers import free_port, serving
from tests.benchmarks.site import LMS


def serve(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LMS_INSTANCE_PATH": str(instance)}
    return subprocess.run((LMS, "serve", *words), env=environment, capture_output=True, text=True, timeout=60)


def test_a_request_under_way_is_finished_before_the_server_stops(instance: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [LMS, "serve", "--port", str(port)]
    with serving(command, port, "/healthz", {"LMS_INSTANCE_PATH": str(instance)}, tmp_path / "log") as server:
        assert ask(port, get("/trainings")).status == 200
        with socket.create_connection(("127.0.0.1", port)) as slow:
            body = b"email=nobody%40example.org&password=does-not-matter"
            head = (
                "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            slow.sendall(head.encode() + body[:10])
            assert ask(port, get("/healthz")).status == 200  # the head has been read by now
            os.kill(server.pid, signal.SIGTERM)
            slow.sendall(body[10:])
            slow.settimeout(20)
            assert slow.recv(20).startswith(b"HTTP/1.1 ")


def test_a_taken_port_is_said_in_one_line(instance: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve(instance, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "Choose another with --port." in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_newer_database_is_refused_and_left_alone(instance: Path) -> None:
    with sqlite3.connect(instance / "lms.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    done = serve(instance, "--port", str(free_port()))
    assert done.returncode == 1
    assert "newer release" in done.stderr
    with sqlite3.connect(instance / "lms.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("from-the-future",)


def test_demo_people_exist_in_the_demo_only(tmp_path: Path) -> None:
    instance, port = tmp_path / "instance", free_port()
    courses = tmp_path / "courses"
    shutil.copytree(ROOT / "courses" / "creating-connections", courses / "creating-connections")
    environment = {"LMS_INSTANCE_PATH": str(instance), "LMS_COURSES_PATH": str(courses)}
    log = tmp_path / "log"
    with serving([LMS, "serve", "--demo", "--port", str(port)], port, "/healthz", environment, log):
        assert "demo" in ask(port, get("/")).body
    said = log.read_text()
    assert "rosa.delgado@demo.example" in said
    assert f"http://127.0.0.1:{port}/sign-in" in said
    assert not (instance / "lms.db").exists()
    with serving([LMS, "serve", "--port", str(port)], port, "/healthz", environment, tmp_path / "second"):
        pass
    with sqlite3.connect(instance / "lms.db") as database:
        assert database.execute("SELECT count(*) FROM users").fetchone() == (0,)
    assert "demo.example" not in (tmp_path / "second").read_text()
