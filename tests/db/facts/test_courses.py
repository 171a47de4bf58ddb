"""Versions are imported once, published by moving a pointer, and read from the database once."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms.courses.models import CourseVersion
from lms.courses.queries import (
    CACHED,
    catalog,
    forget_compiled,
    latest_versions,
    load_compiled,
    published,
    sources_of,
    versions,
)
from lms.courses.services import import_version, publish
from lms.kernel.errors import NotFound, RuleBroken
from tests.db.facts.world import NOW, World, course, later


def test_the_same_digest_is_nothing_to_do(world: World) -> None:
    first = import_version(world.session, course(), {"a.md": b"x"}, NOW)
    again = import_version(world.session, course(), {"a.md": b"x"}, later(5))
    assert again.id == first.id
    assert len(world.all(CourseVersion)) == 1


def test_an_imported_version_is_a_draft_until_it_is_published(world: World) -> None:
    first = world.version()
    second = import_version(world.session, course(digest="d2", title="New"), {}, later(1))
    offered = published(world.session, "cc")
    assert offered is not None and offered.id == first.id
    assert [(v.number, v.current) for v in versions(world.session, "cc")] == [(2, False), (1, True)]
    assert [v.id for v in latest_versions(world.session)] == [second.id]
    publish(world.session, second.id, later(2))
    assert [(v.title, v.id) for v in catalog(world.session)] == [("New", second.id)]
    publish(world.session, first.id, later(3))
    assert [v.id for v in catalog(world.session)] == [first.id]


def test_a_draft_alone_is_not_in_the_catalog(world: World) -> None:
    import_version(world.session, course(), {}, NOW)
    assert catalog(world.session) == ()
    assert published(world.session, "cc") is None


def test_the_compiled_course_comes_back_as_it_was_and_is_read_once(world: World) -> None:
    version = world.version()
    forget_compiled()
    with world.database.counted() as sent:
        first = load_compiled(world.session, version.id)
        second = load_compiled(world.session, version.id)
    assert first == course()
    assert second is first
    assert len(sent) == 1


def test_the_cache_is_bounded(world: World) -> None:
    ids = [world.version(course(digest=f"d{n}")).id for n in range(CACHED + 1)]
    for version_id in ids:
        load_compiled(world.session, version_id)
    with world.database.counted() as sent:
        load_compiled(world.session, ids[-1])
        load_compiled(world.session, ids[0])
    assert len(sent) == 1


def test_the_sources_come_back_byte_by_byte(world: World) -> None:
    files = {"1-one/ü.md": "é\r\n".encode(), "course.md": b""}
    version = import_version(world.session, course(), files, NOW)
    assert sources_of(world.session, version.id) == files


def test_a_version_never_changes(world: World) -> None:
    world.version()
    with pytest.raises(DBAPIError), world.session.begin_nested():
        world.session.execute(text("UPDATE course_versions SET title = 'other'"))


def test_what_does_not_exist_is_said(world: World) -> None:
    with pytest.raises(NotFound):
        load_compiled(world.session, 99)
    with pytest.raises(NotFound):
        publish(world.session, 99, NOW)
    with pytest.raises(RuleBroken):
        import_version(world.session, course(digest=""), {}, NOW)
