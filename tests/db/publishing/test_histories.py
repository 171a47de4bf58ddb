"""No sequence of publishing, moving, answering and rolling back takes back a completion, drops a text or
counts a minute twice.

A few histories in each run; `LMS_TEST_SEEDS=2000 pytest tests/db/publishing -n 2` for many, and
`LMS_TEST_TALLY=FILE` to have what happened in them added to a file.
"""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.config import ROOT, Config, Keys
from lms.courses.queries import forget_compiled
from lms.credit.audit import audit
from lms.kernel.db import db
from tests.db import postgres
from tests.db.conftest import prepare
from tests.db.publishing.story import Story

SEEDS = int(os.environ.get("LMS_TEST_SEEDS", "4"))
LONG = (15, 40)
"""Steps of a history."""


@contextmanager
def site(url: str, folder: Path) -> Iterator[None]:
    prepare(url).dispose()
    forget_compiled()
    key = secrets.token_hex(32).encode()
    app = create_app(Config(folder, url, Keys(key, key), ROOT / "courses", testing=True))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def tell(seed: int) -> None:
    chance = random.Random(seed)
    story = Story(chance, f"k{seed}")
    for _ in range(chance.randrange(*LONG)):
        story.step()
    story.end()
    with Session(db.engine) as session:
        assert list(audit(session)) == []
    if tally := os.environ.get("LMS_TEST_TALLY"):
        with open(tally, "a", encoding="utf-8") as file:
            file.write(json.dumps(story.told) + "\n")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_lost_whatever_is_published(seed: int, tmp_path: Path) -> None:
    with site(f"sqlite:///{tmp_path}/site.sqlite", tmp_path):
        tell(seed)


@pytest.mark.parametrize("seed", range(10_000, 10_000 + max(1, SEEDS // 5)))
def test_the_same_on_postgresql(seed: int, tmp_path: Path, postgres_server: str) -> None:
    with postgres.new_database(postgres_server) as url, site(url, tmp_path):
        tell(seed)
