"""`lms backup` and `lms restore`: the whole site in one file, taken while it runs.

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
from typing import Any

import click
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from lms.cli.credit import audit_key_id
from lms.cli.output import as_json, bar
from lms.cli.site import Site, with_site
from lms.config import ROOT, Config, load_config
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
        _run_for_postgresql("pg_dump", url, "--format=custom", f"--file={target}")


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


def _run_for_postgresql(program: str, url: URL, *arguments: str) -> None:
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


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def restore(source: Path, json_: bool) -> None:
    """Bring the backup SOURCE back into an empty instance folder.

    LMS_INSTANCE_PATH names the folder; it must be empty or not be there yet. With LMS_DATABASE_URL the
    backup of a PostgreSQL site goes into that database, which must be empty. Then check the restored site
    with `lms credit audit`, and start it with `lms serve`.
    """
    manifest, archive = _read(source)
    with archive:
        instance = _empty_instance()
        _unpack(archive, manifest, instance)
    config = load_config()
    url = make_url(config.database_url)
    copy = instance / manifest["database"]
    if manifest["database"] == DATABASE["postgresql"]:
        if url.get_backend_name() != "postgresql":
            raise click.ClickException(
                "This backup is of a PostgreSQL site: set LMS_DATABASE_URL to an empty database."
            )
        _run_for_postgresql("pg_restore", url, "--no-owner", "--exit-on-error", str(copy))
        copy.unlink()
    elif url.get_backend_name() != "sqlite" or Path(url.database or "") != copy:
        raise click.ClickException(
            "This backup is of an SQLite site. It was unpacked, but LMS_DATABASE_URL names another database."
        )
    if json_:
        as_json({"instance": str(instance), "made_at": manifest["made_at"]})
        return
    click.echo(f"Restored into {instance}, as of {manifest['made_at']}.")
    click.echo("Next: `lms credit audit` to check it, then `lms serve`.")


def _read(source: Path) -> tuple[dict[str, Any], zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
        manifest = json.loads(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise click.ClickException(f"{source} is not a backup of this program.") from error
    if manifest.get("format") != FORMAT:
        raise click.ClickException(f"{source} was made by a newer release of this program.")
    allowed = {*FILES, *DATABASE.values()}
    strange = [n for n in manifest["files"] if n not in allowed and not OWN_FILES.fullmatch(n)]
    if strange or manifest["database"] not in DATABASE.values():
        raise click.ClickException(f"{source} names files that a backup does not have.")
    return manifest, archive


def _empty_instance() -> Path:
    """The folder to restore into. Refused when anything is in it: a restore never mixes two sites."""
    instance = Path(os.environ.get("LMS_INSTANCE_PATH") or ROOT / "instance").expanduser().absolute()
    if instance.exists() and any(instance.iterdir()):
        raise click.ClickException(f"{instance} is not empty. Choose an empty folder with LMS_INSTANCE_PATH.")
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    return instance


def _unpack(archive: zipfile.ZipFile, manifest: dict[str, Any], instance: Path) -> None:
    for name, digest in manifest["files"].items():
        target = instance / name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with (
            archive.open(name) as packed,
            open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file,
        ):
            shutil.copyfileobj(packed, file)
            file.flush()
            os.fsync(file.fileno())
        if _digest(target) != digest:
            raise click.ClickException(f"{name} in the backup is damaged.")
