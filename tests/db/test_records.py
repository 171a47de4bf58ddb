"""The records page's order and its two charts, on both databases."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from lms.accounts.models import Organization
from lms.accounts.permissions import Scopes
from lms.kernel.db import transaction
from lms.kernel.paging import PageRequest
from lms.records.charts import SchoolCount, by_month, by_school
from lms.records.queries import completion_records, stream_records, totals
from lms.records.rules import Order, RecordFilter, read_order
from tests import builders as b
from tests.db.conftest import Database
from tests.db.lane import Lane

TODAY = b.day(70).date()


class District:
    """Two schools: at one two of three have finished, a month apart; at the other nobody, and one who left."""

    def __init__(self, database: Database) -> None:
        self.lane = Lane(database)
        self.session = database.session
        self.version = self.lane.version(b.lesson("c-1", 60))
        with transaction(self.session):
            self.id = b.district(self.session, "Harbor Public Schools")
            self.alder = b.school(self.session, self.id, "Alder Elementary")
            self.tide = b.school(self.session, self.id, "Tidewater Middle")
        self.within = Scopes(organization_ids=frozenset([self.id, self.alder, self.tide]))
        self.zoe = self.finished("Zoe", self.alder, 2)
        self.amy = self.finished("amy", self.alder, 65)
        for name, place in (("Lea", self.alder), ("Tom", self.tide), ("Ida", self.id)):
            self.works(name, place)

    def works(self, name: str, place: int) -> int:
        user = self.lane.person(name)
        with transaction(self.session):
            b.affiliate(self.session, user, place)
        return user

    def finished(self, name: str, place: int, day: int) -> int:
        enrollment = self.lane.enroll(self.works(name, place), self.version, day - 1)
        self.lane.lesson(enrollment, "c-1", day)
        return enrollment

    def names(self, order: Order) -> list[str]:
        rows = completion_records(self.session, self.within, RecordFilter(), PageRequest(), order).rows
        assert [row.number for row in rows] == [
            row.number for row in stream_records(self.session, self.within, RecordFilter(), order)
        ]
        return [row.frozen["person"]["name"] for row in rows]


def test_records_are_sorted_by_day_name_or_school_and_a_file_has_the_order_of_the_page(
    database: Database,
) -> None:
    district = District(database)
    district.finished("Bo", district.tide, 66)
    assert district.names("finished") == ["Bo", "amy", "Zoe"]
    assert district.names("name") == ["amy", "Bo", "Zoe"]
    assert district.names("school") == ["amy", "Zoe", "Bo"]
    assert (read_order({"sort": "school"}), read_order({"sort": "; drop table"})) == ("school", "finished")


def test_months_are_counted_to_this_one_with_those_in_which_nobody_finished(database: Database) -> None:
    district = District(database)
    with database.counted() as seen:
        months = by_month(database.session, district.within, RecordFilter(), TODAY)
    assert len(seen.texts) == 2
    first, last = b.day(2).date().replace(day=1), b.day(65).date().replace(day=1)
    counts = {each.first_on: each.completions for each in months}
    assert (len(months), months[-1].first_on) == (7, TODAY.replace(day=1))
    assert (counts[first], counts[last]) == (1, 1)
    assert sum(each.completions for each in months) == 2
    assert all(before.first_on < after.first_on for before, after in pairwise(months))


def test_an_old_month_falls_off_the_chart_and_a_filter_ends_it_where_the_filter_ends(
    database: Database,
) -> None:
    district = District(database)
    late = date(TODAY.year + 1, TODAY.month, 1)
    months = by_month(database.session, district.within, RecordFilter(), late)
    assert (len(months), sum(each.completions for each in months)) == (10, 0)
    until = RecordFilter(to_on=b.day(30).date())
    ended = by_month(database.session, district.within, until, late)
    assert [each.completions for each in ended] == [0, 0, 0, 0, 0, 0, 1]
    only = RecordFilter(from_on=b.day(0).date(), to_on=b.day(30).date())
    assert by_month(database.session, district.within, only, late)[0].first_on == b.day(0).date().replace(
        day=1
    )


def test_a_school_counts_who_works_there_now_and_who_of_them_has_finished(database: Database) -> None:
    district = District(database)
    with database.counted() as seen:
        schools = by_school(database.session, district.within, RecordFilter())
    assert len(seen.texts) == 2
    assert schools == (
        SchoolCount("Alder Elementary", False, 2, 3),
        SchoolCount("Harbor Public Schools", True, 0, 1),
        SchoolCount("Tidewater Middle", False, 0, 1),
    )


def test_a_revoked_certificate_counts_in_no_chart(database: Database) -> None:
    district = District(database)
    district.lane.revoke(district.amy, 66)
    months = by_month(database.session, district.within, RecordFilter(), TODAY)
    schools = by_school(database.session, district.within, RecordFilter())
    assert sum(each.completions for each in months) == 1
    assert schools[0] == SchoolCount("Alder Elementary", False, 1, 3)
    assert totals(database.session, district.within, RecordFilter()).certificates == 1


@pytest.mark.parametrize("second_course", [False, True])
def test_nobody_is_counted_twice_and_nobody_of_another_district(
    database: Database, second_course: bool
) -> None:
    district, other = District(database), District(database)
    if second_course:
        again = Lane(database)
        version = again.version(b.lesson("d-1", 60))
        enrollment = again.enroll(district.lane.people[0], version, 3)
        again.lesson(enrollment, "d-1", 4)
    for each in (district, other):
        schools = by_school(database.session, each.within, RecordFilter())
        assert [(row.finished, row.staff) for row in schools] == [(2, 3), (0, 1), (0, 1)]
    found = by_month(database.session, other.within, RecordFilter(), TODAY)
    assert sum(each.completions for each in found) == 2


def test_a_chosen_school_stands_alone(database: Database) -> None:
    district = District(database)
    public_id = database.session.get_one(Organization, district.tide).public_id
    schools = by_school(database.session, district.within, RecordFilter(organization=public_id))
    assert [each.name for each in schools] == ["Tidewater Middle"]
