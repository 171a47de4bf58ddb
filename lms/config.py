"""Settings: one frozen `Config`, read once from the environment and the instance folder's `lms.toml`.

An unknown or impossible setting raises `BadSetting`, which names it. Secret keys are made on first start.
"""

from __future__ import annotations

import os
import secrets
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lms.kernel.private_files import is_private, write_once

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "LMS_"
OPERATOR = "Relationships in Action Learning"
NAMES = (
    "instance_path", "database_url", "site_url", "operator_name", "contact_email", "mail_server", "mail_from",
    "proxies", "session_hours", "log_level", "courses_path", "legal_hold",
)  # fmt: skip

LONGEST = 64
"""Bits, and digits, of a number that can be meant."""
HIGHEST_PORT = 65_536
DATABASE_WORDS = (
    "LMS_DATABASE_URL cannot be read. It must look like postgresql://user:password@host:5432/database."
)


class BadSetting(Exception):
    """A setting that the site cannot start with. The message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets of one instance: `session` signs cookies and forms, `audit` signs checkpoints."""

    session: bytes = field(repr=False)
    audit: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    instance: Path
    database_url: str = field(repr=False)
    keys: Keys
    courses: Path
    """The folder of the authors' courses; read, never written."""
    site_url: str = ""
    """Public address without a slash at the end; '' takes the address of the request."""
    operator_name: str = OPERATOR
    """Who signs contact hours where no awarding body is set up."""
    contact_email: str = ""
    mail_server: str = field(default="", repr=False)
    """`smtp://user:password@host:port` or `smtps://…`; '': links are copied by hand."""
    mail_from: str = ""
    proxies: int = 0
    """How many trusted reverse proxies stand in front and set X-Forwarded-*."""
    session_hours: int = 12
    log_level: str = "INFO"
    legal_hold: str = ""
    """Why nothing may be cleared now, in a few words; '': `lms clear` clears."""
    demo: bool = False
    testing: bool = False

    @property
    def keys_folder(self) -> Path:
        """Also of the keys that sign badges, which are read when one is signed."""
        return self.instance / "keys"


def load_config(environ: Mapping[str, str] | None = None, *, demo: bool = False, make: bool = True) -> Config:
    """The settings of this start. `demo` keeps everything in a folder of its own below the instance.

    With `make`, a folder and keys that are not there are made. Raises BadSetting, without it for them too.
    """
    given = _from_environment(os.environ if environ is None else environ)
    home = instance_folder(given)
    instance = home / "demo" if demo else home
    if make:
        _make_folder(instance)
    elif not (instance / "keys").is_dir():
        start = "lms serve --demo" if demo else "lms serve"
        raise BadSetting(
            f"There is no site in {instance} yet. `{start}` makes one;"
            " LMS_INSTANCE_PATH chooses another folder."
        )
    if not demo:
        given = {**_from_file(instance / "lms.toml"), **given}
    return Config(
        instance=instance,
        database_url=_database_url("" if demo else given.get("database_url", ""), instance),
        courses=_courses(given.get("courses_path", "")),
        site_url=_site_url(given.get("site_url", "")),
        operator_name=given.get("operator_name") or OPERATOR,
        contact_email=_address("contact_email", given.get("contact_email", "")),
        mail_server=_mail_server("" if demo else given.get("mail_server", "")),
        mail_from=_mail_from(given),
        proxies=_whole("proxies", given.get("proxies", "0"), 0, 5),
        session_hours=_whole("session_hours", given.get("session_hours", "12"), 1, 24 * 30),
        log_level=_level(given.get("log_level", "INFO")),
        legal_hold=given.get("legal_hold", ""),
        demo=demo,
        keys=_keys(instance / "keys"),  # last: none are made for a site that does not start
    )


def instance_folder(given: Mapping[str, str] | None = None) -> Path:
    """The folder that LMS_INSTANCE_PATH names, as it is or is not there. Raises BadSetting."""
    given = _from_environment(os.environ) if given is None else given
    return _path("instance_path", given.get("instance_path", "")) or ROOT / "instance"


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    given = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name.startswith("LMS_TEST_"):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in NAMES:
            raise BadSetting(f"{name} is not a setting. Settings are: {', '.join(_variables())}.")
        given[key] = _readable(name, value)
    return given


def _readable(name: str, value: str) -> str:
    """Without spaces around it. Control characters and bytes that are no text are in no setting."""
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in value.strip()):
        raise BadSetting(f"{name} holds characters that cannot be read.")
    return value.strip()


def _variables() -> list[str]:
    return [PREFIX + name.upper() for name in NAMES]


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}.") from error
    except RecursionError as error:
        raise BadSetting(f"{path} cannot be read as TOML: it nests too deep.") from error
    except ValueError as error:  # of TOML, of UTF-8, of a number
        raise BadSetting(f"{path} cannot be read as TOML: {error}") from error
    for key, value in table.items():
        if key not in NAMES or key == "instance_path":
            raise BadSetting(f"{path}: {key!r} is not a setting. Settings are: {', '.join(NAMES[1:])}.")
        number = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < LONGEST
        if not number and not isinstance(value, str):
            raise BadSetting(f"{path}: {key} must be a text or a whole number.")
    return {key: _readable(f"{path}: {key}", str(value)) for key, value in table.items()}


def _path(name: str, value: str) -> Path | None:
    try:
        return Path(value).expanduser().absolute() if value else None
    except RuntimeError as error:  # ~somebody, who has no home here
        raise BadSetting(f"{PREFIX}{name.upper()}: there is no home folder for {value}.") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"LMS_INSTANCE_PATH: {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadSetting(f"LMS_INSTANCE_PATH: {folder} cannot be written to.")


def _keys(folder: Path) -> Keys:
    _make_folder(folder)
    return Keys(session=_key(folder / "session.key"), audit=_key(folder / "audit.key"))


def _key(path: Path) -> bytes:
    """The key in `path`, made now if there is none. Two processes starting at once end with one key."""
    if not path.exists():
        write_once(path, secrets.token_hex(32).encode())
    if not is_private(path):
        raise BadSetting(f"{path} can be read by others. Make it private: chmod 600 {path}")
    key = path.read_bytes().strip()
    if len(key) < 32:
        raise BadSetting(f"{path} is too short to be a key. Restore it from a backup.")
    return key


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'lms.db'}"
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and separator:
        if find_spec("psycopg") is None:
            raise BadSetting(
                "LMS_DATABASE_URL names a PostgreSQL database, and its driver is not installed:"
                " .venv/bin/pip install -e '.[postgres]'"
            )
        return _postgresql_url(f"postgresql+psycopg://{rest}")
    if scheme == "sqlite" and rest.startswith("//") and len(rest) > 2 and "?" not in rest:
        return url
    raise BadSetting("LMS_DATABASE_URL must begin with postgresql:// or be sqlite:/// and an absolute path.")


def _postgresql_url(url: str) -> str:
    """Read as its driver will, here: a start without PostgreSQL, or without a database, waits for neither."""
    from psycopg import Error
    from psycopg.conninfo import make_conninfo
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parts = make_url(url)
        _, options = parts.get_dialect()().create_connect_args(parts)
        make_conninfo("", **options)
        seconds = str(options.get("connect_timeout", "0"))
    except (ArgumentError, ValueError, Error) as error:
        raise BadSetting(DATABASE_WORDS) from error
    if not 0 < (parts.port or 5432) < HIGHEST_PORT or "[" in (parts.host or "") or not seconds.isdecimal():
        raise BadSetting(DATABASE_WORDS)
    return url


def _courses(path: str) -> Path:
    folder = _path("courses_path", path)
    try:
        there = folder is None or folder.is_dir()
    except OSError:  # a name that no disk can hold
        there = False
    if not there:
        raise BadSetting("LMS_COURSES_PATH: there is no folder of this name.")
    return folder or ROOT / "courses"


def _site_url(url: str) -> str:
    parts = _parts(url)
    if url and (parts is None or parts.scheme not in ("http", "https") or parts.query or parts.fragment):
        raise BadSetting(
            "LMS_SITE_URL must be the site's public address, for example https://learning.example.org."
        )
    return url.rstrip("/")


def _mail_server(url: str) -> str:
    parts = _parts(url)
    if url and (parts is None or parts.scheme not in ("smtp", "smtps")):
        raise BadSetting("LMS_MAIL_SERVER must look like smtp://user:password@mail.example.org:587.")
    return url


def _parts(url: str) -> SplitResult | None:
    """None for an address without a host, with spaces, or with a port that there is not."""
    try:
        parts = urlsplit(url)
        good = parts.port != 0 and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        return None
    return parts if good else None


def _mail_from(given: Mapping[str, str]) -> str:
    address = _address("mail_from", given.get("mail_from", ""))
    if given.get("mail_server") and not address:
        raise BadSetting("LMS_MAIL_FROM must be set when LMS_MAIL_SERVER is.")
    return address


def _address(name: str, value: str) -> str:
    local, at, domain = value.rpartition("@")
    if value and (not at or not local or "." not in domain or any(c.isspace() for c in value)):
        raise BadSetting(f"{PREFIX}{name.upper()} must be an email address.")
    return value


def _whole(name: str, value: str, low: int, high: int) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > LONGEST or not low <= int(value) <= high:
        raise BadSetting(f"{PREFIX}{name.upper()} must be a whole number from {low} to {high}.")
    return int(value)


def _level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSetting("LMS_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    return value.upper()
