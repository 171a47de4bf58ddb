"""Course folders into the site at its start: published the first time, kept as a draft later."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from lms.actions.publishing import publish as publish_version
from lms.actions.publishing import take_in
from lms.cli.folders import refuse
from lms.content.codec import source_digest
from lms.content.reader import read_folder
from lms.courses.queries import version_with_digest
from lms.courses.releases import last_release_number
from lms.kernel.db import db


class Outcome(Struct, frozen=True):
    """`same`: this text is the published version already."""

    course_key: str
    number: int
    kind: Literal["published", "draft", "same"]


def bring_in(folder: Path, *, publish: bool) -> Outcome:
    """Import what the folder holds now. Files that are a version already are not compiled."""
    files = read_folder(folder)
    known = None if files.problems else version_with_digest(db.session(), source_digest(files.files))
    if known is None:
        taken = take_in(None, files)
        if taken.version is None:
            refuse(folder, taken.problems)
        known = taken.version
    if publish and not known.current:
        release = last_release_number(db.session(), known.course_key)
        publish_version(None, version_id=known.id, release=release)
        return Outcome(known.course_key, known.number, "published")
    return Outcome(known.course_key, known.number, "same" if known.current else "draft")
