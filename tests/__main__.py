"""`python -m tests`: brings the browser that the tests need, then runs them all.

Arguments are handed to pytest: `python -m tests tests/unit -k certificate`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSER = "chromium-headless-shell"
PACKAGES = (BROWSER, "libatomic1")
"""Debian's headless Chromium, and the library that Playwright's own Node needs and nothing else brings."""

QUIET = ("env", "DEBIAN_FRONTEND=noninteractive")
APT = (
    ("apt-get", "update", "-q"),
    (*QUIET, "apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES),
)


def main() -> int:
    os.chdir(ROOT)
    # Many servers and commands are started: each would compile all our modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not ready():
        prefix = as_root()
        if prefix is None or not install(prefix):
            print(advice(), file=sys.stderr)
            return 2
    arguments = sys.argv[1:]
    if not any(argument.startswith("-n") for argument in arguments):
        arguments = ["-n", "2", "--dist", "worksteal", *arguments]
    return int(pytest.main(arguments))


def ready() -> bool:
    """Is the browser here, and the library that its driver needs?"""
    return shutil.which(BROWSER) is not None and any(Path("/usr/lib").glob("**/libatomic.so.1"))


def as_root() -> tuple[str, ...] | None:
    """What to put before a command that installs; None when nobody here may install."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and subprocess.run(("sudo", "-n", "true"), capture_output=True).returncode == 0:
        return ("sudo", "-n")
    return None


def install(prefix: tuple[str, ...]) -> bool:
    print(f"Installing {' and '.join(PACKAGES)} for the browser tests ...", flush=True)
    for command in APT:
        done = subprocess.run((*prefix, *command), capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            return False
    return ready()


def advice() -> str:
    return (
        "The browser tests need Debian's headless Chromium, and this account may not install it.\n"
        "Ask someone who may to run:\n"
        f"  apt-get update && apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
    )


if __name__ == "__main__":
    sys.exit(main())
