"""The stories of `histories.py`: each alone, then many at once in random order, some settled only at the end."""

from __future__ import annotations

import random

import pytest
from sqlalchemy.exc import IntegrityError

from lms.credit.audit import audit
from lms.kernel.errors import RuleBroken
from tests.db.conftest import Database
from tests.db.histories import STORIES, Story
from tests.db.lane import Lane
from tests.db.mutations import DEFENDED_BY, Planting


def _name(story: Story) -> str:
    return story.__name__


def tell(story: Story, database: Database, lazy: bool = False) -> None:
    for _ in story(Lane(database, lazy)):
        pass


@pytest.mark.parametrize("lazy", [False, True], ids=["settled at each fact", "settled where it matters"])
@pytest.mark.parametrize("story", STORIES, ids=_name)
def test_history(database: Database, story: Story, lazy: bool) -> None:
    tell(story, database, lazy)
    assert list(audit(database.session)) == []


@pytest.mark.parametrize("seed", range(2))
def test_histories_do_not_disturb_each_other(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    chosen = chance.sample(STORIES, k=12)
    running = [story(Lane(database, lazy=chance.random() < 0.4)) for story in chosen]
    while running:
        lane = chance.choice(running)
        if next(lane, lane) is lane:
            running.remove(lane)
    assert list(audit(database.session)) == []


@pytest.mark.parametrize("planting", DEFENDED_BY, ids=lambda planting: planting.__name__)
def test_a_planted_mistake_is_found(
    alone: Database, planting: Planting, monkeypatch: pytest.MonkeyPatch
) -> None:
    planting(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError, RuleBroken, ValueError, KeyError)):
        tell(DEFENDED_BY[planting], alone)
        assert list(audit(alone.session)) == []
