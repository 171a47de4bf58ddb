"""`lms restore`: a backup comes back whole, or the folder is left as it was.

Everything in the zip is read and compared with its manifest before anything is written; what was written
is taken away again when a setting or the database stands in the way.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import click
from msgspec import Struct
from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from lms.cli.backup import DATABASE, FILES, FORMAT, MANIFEST, OWN_FILES, run_for_postgresql
from lms.cli.output import as_json, bar
from lms.cli.site import unusable
from lms.config import instance_folder, load_config
from lms.kernel.migration import check_database

AT_LEAST = ("keys/session.key", "keys/audit.key")
CHUNK = 1 << 20
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a zip and its manifest may end with, when bytes in it are not what was written."""


class Manifest(Struct, frozen=True):
    """`files`: the digest (SHA-256, hexadecimal) of each file by its name; `database` is one of them."""

    made_at: str
    database: str
    files: dict[str, str]


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def restore(source: Path, json_: bool) -> None:
    """Bring the backup SOURCE back into an empty instance folder.

    LMS_INSTANCE_PATH names the folder; it must be empty or not be there yet. With LMS_DATABASE_URL the
    backup of a PostgreSQL site goes into that database, which must be empty. A backup that is damaged
    changes nothing. Then check the restored site with `lms credit audit`, and start it with `lms serve`.
    """
    instance = instance_folder()
    if instance.exists() and any(instance.iterdir()):
        raise click.ClickException(f"{instance} is not empty. Choose an empty folder with LMS_INSTANCE_PATH.")
    with _opened(source) as archive:
        manifest = _read(source, archive)
        size = sum(archive.getinfo(name).file_size for name in manifest.files)
        with bar(2 * size, "Checking and restoring") as progress:
            _check(source, archive, manifest, progress.update)
            with _taken_back_unless_done(instance, manifest):
                for name in manifest.files:
                    _write(archive, name, instance / name, progress.update)
                _bring_back_database(manifest, instance)
    if json_:
        as_json({"instance": str(instance), "made_at": manifest.made_at})
        return
    click.echo(f"Restored into {instance}, as of {manifest.made_at}.")
    click.echo("Next: `lms credit audit` to check it, then `lms serve`.")


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
    except DAMAGED as error:
        raise click.ClickException(f"{source} is not a backup of this program, or not all of one.") from error
    with archive:
        yield archive


def _read(source: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        given = json.loads(archive.read(MANIFEST))
    except DAMAGED as error:
        raise click.ClickException(f"{source} is not a backup of this program, or not all of one.") from error
    if isinstance(given, dict) and isinstance(given.get("format"), int) and given["format"] > FORMAT:
        raise click.ClickException(f"{source} was made by a newer release of this program.")
    manifest = _manifest(given)
    if manifest is None:
        raise click.ClickException(f"{source} is damaged: its list of files cannot be read.")
    allowed = {*FILES, *DATABASE.values()}
    if any(name not in allowed and not OWN_FILES.fullmatch(name) for name in manifest.files):
        raise click.ClickException(f"{source} names files that a backup does not have.")
    present = set(archive.namelist())
    for name in (manifest.database, *AT_LEAST, *manifest.files):
        if name not in manifest.files or name not in present:
            raise click.ClickException(f"{source} is damaged: {name} is missing in it.")
    return manifest


def _manifest(given: Any) -> Manifest | None:
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        return None
    made_at, database, files = (given.get(key) for key in ("made_at", "database", "files"))
    if not isinstance(made_at, str) or not isinstance(files, dict):
        return None
    if database not in list(DATABASE.values()) or not all(isinstance(each, str) for each in files.values()):
        return None
    return Manifest(made_at, database, files)


def _check(source: Path, archive: zipfile.ZipFile, manifest: Manifest, read: Callable[[int], object]) -> None:
    for name, expected in manifest.files.items():
        found = hashlib.sha256()
        try:
            with archive.open(name) as packed:
                for part in _parts(packed):
                    found.update(part)
                    read(len(part))
        except DAMAGED as error:
            raise click.ClickException(f"{source} is damaged: {name} in it cannot be read.") from error
        if found.hexdigest() != expected:
            raise click.ClickException(f"{source} is damaged: {name} in it is not what was backed up.")


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(CHUNK):
        yield part


@contextmanager
def _taken_back_unless_done(instance: Path, manifest: Manifest) -> Iterator[None]:
    """Make the folder. On any stop on the way, files and folders that were not there before go again."""
    made = [folder for folder in (instance, *instance.parents) if not folder.exists()]
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:
        for name in manifest.files:
            (instance / name).unlink(missing_ok=True)
        below = {(instance / name).parent for name in manifest.files} - {instance}
        for folder in (*below, *made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _write(archive: zipfile.ZipFile, name: str, target: Path, wrote: Callable[[int], object]) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with archive.open(name) as packed, open(descriptor, "wb") as file:
        for part in _parts(packed):
            file.write(part)
            wrote(len(part))
        file.flush()
        os.fsync(file.fileno())


def _bring_back_database(manifest: Manifest, instance: Path) -> None:
    """Read the settings that came back, and take the database to where they say it is."""
    url = make_url(load_config().database_url)
    copy = instance / manifest.database
    if manifest.database == DATABASE["postgresql"]:
        if url.get_backend_name() != "postgresql":
            raise click.ClickException(
                "This backup is of a PostgreSQL site: set LMS_DATABASE_URL to an empty database."
            )
        _refuse_unless_empty(url)
        run_for_postgresql("pg_restore", url, "--no-owner", "--single-transaction", str(copy))
        copy.unlink()
    elif url.get_backend_name() != "sqlite" or Path(url.database or "") != copy:
        raise click.ClickException(
            "This backup is of an SQLite site, and LMS_DATABASE_URL names another database. Set it to none."
        )


def _refuse_unless_empty(url: URL) -> None:
    engine = create_engine(url)
    try:
        state = check_database(engine)
    except DBAPIError as error:
        raise unusable(error) from error
    finally:
        engine.dispose()
    if state != "empty":
        raise click.ClickException("The database that LMS_DATABASE_URL names is not empty.")
