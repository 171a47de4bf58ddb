"""One world for each test, on both databases."""

from __future__ import annotations

import pytest

from tests.db.conftest import Database
from tests.db.facts.world import World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)
