"""`lms backup`: the whole site in one file, taken while it runs.

A backup is a zip: `manifest.json`, the database, the keys, `lms.toml`, and the operator's own rule sets and
local facts. SQLite is copied through its own online backup, page by page beside the writers, so the copy is
one moment's state; PostgreSQL through `pg_dump`. Keys are in it: keep a backup as safe as the site.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from lms.cli.credit import audit_key_id
from lms.cli.output import as_json, bar
from lms.cli.site import Site, with_site
from lms.config import Config
from lms.kernel import clock
from lms.kernel.db import transaction
from lms.kernel.sealing import seal

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = {"sqlite": "lms.db", "postgresql": "lms.pgdump"}
FILES = ("lms.toml", "keys/session.key", "keys/audit.key", "keys/badges.json")
OWN_FILES = re.compile(r"rule_sets/[^./\\][^/\\]*\.toml|local/[^./\\][^/\\]*\.md")
"""What the operator wrote beside them, by the names under which a start reads it."""
PAGES_AT_ONCE = 2_000


@click.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def backup(site: Site, target: Path | None, json_: bool) -> None:
    """Write the whole site into TARGET, a zip file.

    The site may run meanwhile. Course folders are not in it: each version that was published is. Without
    TARGET the file is lms-backup-DATE-TIME.zip in the current folder. It holds the keys of the site: keep
    it as safe as the site itself.
    """
    now = clock.now()
    path = target or Path(f"lms-backup-{now:%Y%m%d-%H%M%S}.zip")
    if path.is_dir():
        path = path / f"lms-backup-{now:%Y%m%d-%H%M%S}.zip"
    if path.exists():
        raise click.ClickException(f"{path} is there already.")
    if not path.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent} to write the backup into.")
    with transaction() as session:
        seal(session, now, site.config.keys.audit, audit_key_id(site.config))
    url = make_url(site.config.database_url)
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".lms-backup-") as folder:
        copy = Path(folder) / DATABASE[url.get_backend_name()]
        copy_database(url, copy)
        draft = Path(folder) / "backup.zip"
        _pack(draft, copy, site.config, now.isoformat())
        os.replace(draft, path)
    size = path.stat().st_size
    if json_:
        as_json({"file": str(path), "bytes": size, "made_at": now.isoformat()})
    else:
        click.echo(f"Written to {path} ({size / 1_000_000:.1f} MB).")


def copy_database(url: URL, target: Path) -> None:
    """One moment's state of the database, while others write."""
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), target)
    else:
        run_for_postgresql("pg_dump", url, "--format=custom", f"--file={target}")


def _copy_sqlite(source: Path, target: Path) -> None:
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    writing = sqlite3.connect(target)
    try:
        # A read transaction pins the moment: pages written meanwhile go to the log and stay outside.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with bar(1, "Copying the database") as progress:
            done = 0

            def step(_status: int, remaining: int, total: int) -> None:
                nonlocal done
                progress.length = total
                progress.update(total - remaining - done)
                done = total - remaining

            reading.backup(writing, pages=PAGES_AT_ONCE, progress=step)
        fault = writing.execute("PRAGMA quick_check").fetchone()[0]
        if fault != "ok":
            raise click.ClickException(f"The copy of the database is damaged: {fault}")
    finally:
        writing.close()
        reading.close()


def run_for_postgresql(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, unseen by others."""
    if shutil.which(program) is None:
        raise click.ClickException(
            f"{program} is not installed. It comes with PostgreSQL's client programs (postgresql-client)."
        )
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    place = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    done = subprocess.run(
        (program, *arguments, f"--dbname={place}"), env=environment, capture_output=True, text=True
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise click.ClickException(f"{program} failed: {lines[-1] if lines else 'it did not say why'}")


def _pack(draft: Path, copy: Path, config: Config, moment: str) -> None:
    names = (*FILES, *_own_files(config.instance))
    files = {copy.name: copy, **{name: config.instance / name for name in names}}
    present = {name: path for name, path in files.items() if path.exists()}
    manifest = {
        "format": FORMAT,
        "made_at": moment,
        "database": copy.name,
        "files": {name: _digest(path) for name, path in present.items()},
    }
    draft.touch(mode=0o600)
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
        for name, path in present.items():
            archive.write(path, name)


def _own_files(instance: Path) -> list[str]:
    names = (path.relative_to(instance).as_posix() for path in sorted(instance.glob("*/*")) if path.is_file())
    return [name for name in names if OWN_FILES.fullmatch(name)]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
