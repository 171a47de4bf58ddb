"""Files that only the site's own user may read: keys. Written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, data: bytes) -> None:
    """Make `path` with mode 0600, unless it is there: of two processes at once the first one's file stays."""
    draft = _draft(path, data)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of what `path` holds; whoever reads sees the one or the other."""
    os.replace(_draft(path, data), path)


def is_private(path: Path) -> bool:
    """Neither the group nor anybody else can read it."""
    return not path.stat().st_mode & 0o077


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return draft
