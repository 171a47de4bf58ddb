"""Rules: what a move to another version would mean for one person, on that person's own evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lms.content.nodes import Course
from lms.credit.cycles import Cycle, number_of
from lms.credit.ledger import Entry
from lms.credit.lines import Line, so_far
from lms.credit.reckoning import Reckoning, Taken, reckon


class Stand(Struct, frozen=True):
    """Steps done of those needed, and the contact minutes that what is done would pay with completion."""

    done: int
    needed: int
    minutes: int
    complete: bool


class Foreseen(Struct, frozen=True):
    """One enrollment before and after a move."""

    enrollment_id: int
    before: Stand
    after: Stand
    taken_back: tuple[str, ...]
    """Keys of steps that were done, are still asked for, and would have to be done again."""
    dropped: tuple[str, ...]
    """Keys of steps that were done and are no longer asked for. What was done stays with the person."""

    @property
    def may_move(self) -> bool:
        """No move takes back what somebody has done."""
        return not self.taken_back


def foresee(
    taken: Sequence[Taken],
    ledger: Sequence[Entry],
    cycles: Sequence[Cycle],
    versions: Mapping[int, Course],
    moved: Mapping[int, int],
    new_keys: Mapping[int, Mapping[str, str]],
) -> tuple[Foreseen, ...]:
    """What pinning other versions would change, for all enrollments of one person.

    `moved`: enrollment -> version it would be pinned to. `new_keys`: by pinned version, old key -> new key of
    what was renamed on the way.
    """
    after = [replace(each, version_id=moved.get(each.id, each.version_id)) for each in taken]
    now, then = reckon(taken, ledger, cycles, versions), reckon(after, ledger, cycles, versions)
    found = []
    for old, new in zip(taken, after, strict=True):
        if old.id not in moved:
            continue
        met, still = now.standings[old.id].status.met, then.standings[old.id].status.met
        names = new_keys.get(old.version_id, {})
        asked = {requirement.key for requirement in versions[new.version_id].requirements}
        carried = {key: names.get(key, key) for key in met}
        found.append(
            Foreseen(
                old.id,
                _stand(now, old, versions),
                _stand(then, new, versions),
                tuple(key for key, name in carried.items() if name in asked and name not in still),
                tuple(key for key, name in carried.items() if name not in asked),
            )
        )
    return tuple(found)


def _stand(reckoning: Reckoning, taken: Taken, versions: Mapping[int, Course]) -> Stand:
    standing = reckoning.standings[taken.id]
    status = standing.status
    lines = so_far(versions, taken.version_id, standing.sessions, status, standing.void)
    minutes = sum(
        line.minutes for key, line in lines.items() if not _paid_elsewhere(reckoning, taken.id, key, line)
    )
    return Stand(status.done, status.needed, minutes, status.complete)


def _paid_elsewhere(reckoning: Reckoning, enrollment_id: int, key: str, line: Line) -> bool:
    """Another enrollment of the person was paid for this key in this cycle; a key is paid once."""
    if not reckoning.live:
        return False
    paid = reckoning.live.get((number_of(reckoning.cycles, line.earned_on), key))
    return paid is not None and paid.enrollment_id != enrollment_id
