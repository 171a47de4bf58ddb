"""People and places on both databases: workplaces, roles, links, tries, and what the tables refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lms.accounts import affiliations, grants, kept, links, places, queries, services, tries
from lms.accounts.models import SITE_ID, Affiliation, Organization, RoleGrant, SignInFailure, User
from lms.accounts.permissions import Scopes
from lms.accounts.tokens import digest_of
from lms.kernel.audit import AuditEvent
from lms.kernel.db import transaction
from lms.kernel.errors import NotFound, RuleBroken
from lms.kernel.paging import PageRequest
from tests import builders as b
from tests.db.conftest import Database

NOW = b.MONDAY


def person(database: Database, email: str = "rosa@harbor.example", name: str = "Rosa Delgado") -> int:
    with transaction(database.session) as session:
        return services.create_account(
            session, email=email, name=name, job="teacher", time_zone="America/New_York", now=NOW
        ).id


def district(database: Database, name: str = "Harbor Valley") -> int:
    with transaction(database.session) as session:
        row = places.create_district(session, name=name, time_zone="America/New_York", now=NOW, by=None)
        return places.place_id(row)


def belong(database: Database, user_id: int, place: int, leave_other: bool = True) -> bool:
    with transaction(database.session) as session:
        return affiliations.confirm_affiliation(
            session, user_id=user_id, organization_id=place, basis="coordinator", now=NOW, by=None,
            leave_other=leave_other,
        )  # fmt: skip


def standing(database: Database, user_id: int) -> list[tuple[int, int, str, str]]:
    rows = database.session.execute(
        select(Affiliation.organization_id, Affiliation.sequence, Affiliation.state, Affiliation.basis)
        .where(Affiliation.user_id == user_id)
        .order_by(Affiliation.organization_id, Affiliation.sequence)
    )
    return [tuple(row) for row in rows]


# ── Workplaces ───────────────────────────────────────────────────────────────────────────────────


def test_a_new_workplace_ends_the_old_one_and_coming_back_is_a_new_row(database: Database) -> None:
    rosa, here, there = person(database), district(database), district(database, "Old Valley")
    assert belong(database, rosa, there) and belong(database, rosa, here) and belong(database, rosa, there)
    assert standing(database, rosa) == [
        (here, 1, "ended", "coordinator"), (there, 1, "ended", "coordinator"), (there, 2, "confirmed", "coordinator"),
    ]  # fmt: skip


def test_confirming_twice_changes_nothing(database: Database) -> None:
    rosa, here = person(database), district(database)
    belong(database, rosa, here)
    before = database.session.scalar(
        select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)
    )
    assert belong(database, rosa, here)
    after = database.session.scalar(select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1))
    assert before == after and len(standing(database, rosa)) == 1


def test_a_join_code_moves_nobody_to_another_workplace(database: Database) -> None:
    rosa, here, there = person(database), district(database), district(database, "Other Valley")
    belong(database, rosa, here)
    assert not belong(database, rosa, there, leave_other=False)
    home = queries.home_of(database.session, rosa)
    assert home is not None and home.id == here


def waiting_in(database: Database, within: Scopes) -> int:
    return queries.affiliations_to_confirm(database.session, within, PageRequest()).total


def test_confirming_takes_the_place_of_what_was_named(database: Database) -> None:
    rosa, here = person(database), district(database)
    with transaction(database.session) as session:
        affiliations.state_affiliation(session, user_id=rosa, organization_id=here, now=NOW, by=rosa)
    waiting = queries.affiliations_to_confirm(
        database.session, Scopes(organization_ids=frozenset({here})), PageRequest()
    )
    assert [(row.name, place.organization.id) for row, place in waiting.rows] == [("Rosa Delgado", here)]
    belong(database, rosa, here)
    assert waiting_in(database, Scopes(everywhere=True)) == 0
    assert [row[2] for row in standing(database, rosa)] == ["ended", "confirmed"]


def test_who_waits_for_another_district_is_not_shown(database: Database) -> None:
    rosa, here, there = person(database), district(database), district(database, "Other Valley")
    with transaction(database.session) as session:
        affiliations.state_affiliation(session, user_id=rosa, organization_id=here, now=NOW, by=rosa)
    assert waiting_in(database, Scopes(organization_ids=frozenset({there}))) == 0
    assert waiting_in(database, Scopes()) == 0


def test_who_waits_is_read_in_the_same_number_of_statements_for_one_and_for_thirty(
    database: Database,
) -> None:
    here = district(database)

    def wait(count: int) -> int:
        for _ in range(count):
            someone = person(database, f"p{next(b._numbers)}@harbor.example")
            with transaction(database.session) as session:
                affiliations.state_affiliation(
                    session, user_id=someone, organization_id=here, now=NOW, by=someone
                )
        with database.counted() as seen:
            assert waiting_in(database, Scopes(everywhere=True)) >= count
        return len(seen)

    assert wait(1) == wait(29) == 2


def test_the_table_itself_refuses_two_confirmed_workplaces(database: Database) -> None:
    rosa, here, there = person(database), district(database), district(database, "Other Valley")
    belong(database, rosa, here)
    with pytest.raises(IntegrityError), transaction(database.session) as session:
        session.execute(insert(Affiliation).values(
            user_id=rosa, organization_id=there, sequence=1, state="confirmed", basis="stated", from_on=NOW.date()
        ))  # fmt: skip


def test_nobody_belongs_to_the_site_or_to_nowhere(database: Database) -> None:
    rosa = person(database)
    for place in (SITE_ID, 99_999):
        with pytest.raises(RuleBroken, match="organization_unknown"):
            belong(database, rosa, place)
    with pytest.raises(NotFound):
        belong(database, 99_999, district(database))


# ── Places ───────────────────────────────────────────────────────────────────────────────────────


def test_a_place_has_a_name_of_its_own(database: Database) -> None:
    here = district(database)
    with pytest.raises(RuleBroken, match="place_taken"):
        district(database, " Harbor  Valley ")
    for expected in (None, "place_taken"):
        with transaction(database.session) as session:
            if expected is None:
                places.create_school(session, district_id=here, name="Bridgeway", now=NOW, by=None)
                continue
            with pytest.raises(RuleBroken, match=expected):
                places.create_school(session, district_id=here, name="Bridgeway", now=NOW, by=None)


def test_districts_are_listed_with_their_schools_behind_them(database: Database) -> None:
    second, first = district(database, "B District"), district(database, "A District")
    with transaction(database.session) as session:
        for place, name in ((first, "Zed School"), (second, "Aye School"), (first, "Bee School")):
            places.create_school(session, district_id=place, name=name, now=NOW, by=None)
    names = [row.label for row in queries.organizations(database.session)]
    assert names == [
        "A District", "Bee School, A District", "Zed School, A District", "B District", "Aye School, B District",
    ]  # fmt: skip
    within = Scopes(organization_ids=frozenset({second}))
    assert [row.id for row in queries.organizations(database.session, within)] == [second]


def test_the_site_carries_its_operators_name_and_a_new_one_is_noted(database: Database) -> None:
    for name in ("Harbor Valley Learning", "Harbor Valley Learning"):
        with transaction(database.session) as session:
            places.ensure_site(session, name=name, now=NOW)
    site = database.session.get_one(Organization, SITE_ID)
    assert site.name == "Harbor Valley Learning"
    told = database.session.scalars(
        select(AuditEvent.subject).where(AuditEvent.action == "site.renamed")
    ).all()
    assert told == ["organizations:0"]


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────


def test_a_coordinators_grant_covers_the_schools_and_is_read_in_one_statement(database: Database) -> None:
    rosa, here = person(database), district(database)
    with transaction(database.session) as session:
        school = places.place_id(
            places.create_school(session, district_id=here, name="Bridgeway", now=NOW, by=None)
        )
        for role, kind, scope in (("coordinator", "organization", here), ("facilitator", "cohort", 7)):
            grants.grant_role(
                session, user_id=rosa, role=role, scope_kind=kind, scope_id=scope, now=NOW, by=None
            )  # type: ignore[arg-type]
    with database.counted() as seen:
        found = queries.actor(database.session, rosa)
    assert len(seen) == 1 and found is not None
    covers = {grant.role: grant.covers for grant in found.actor.grants}
    assert covers == {"coordinator": frozenset({here, school}), "facilitator": frozenset()}


def test_a_role_is_given_once_and_taken_once_and_both_are_noted(database: Database) -> None:
    rosa = person(database)
    scope = {"user_id": rosa, "role": "author", "scope_kind": "site", "scope_id": 0, "now": NOW, "by": None}
    outcomes = []
    for change in (grants.grant_role, grants.grant_role, grants.revoke_role, grants.revoke_role):
        with transaction(database.session) as session:
            outcomes.append(change(session, **scope))  # type: ignore[arg-type]
    assert outcomes == [True, False, True, False]
    actions = database.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.like("role.%")).order_by(AuditEvent.sequence)
    ).all()
    assert actions == ["role.granted", "role.revoked"]


def test_the_roles_of_a_closed_account_end_and_are_noted(database: Database) -> None:
    rosa, lena = person(database), person(database, "lena@harbor.example", "Lena Fischer")
    with transaction(database.session) as session:
        for who in (rosa, lena):
            for role, kind, scope in (("facilitator", "cohort", 7), ("reviewer", "site", 0)):
                grants.grant_role(
                    session, user_id=who, role=role, scope_kind=kind, scope_id=scope, now=NOW, by=None
                )  # type: ignore[arg-type]
    with transaction(database.session) as session:
        services.close_account(session, user_id=rosa, now=NOW, by=lena)
    held = database.session.execute(select(RoleGrant.user_id, RoleGrant.role).order_by(RoleGrant.role))
    assert [tuple(row) for row in held] == [(lena, "facilitator"), (lena, "reviewer")]
    noted = database.session.execute(
        select(AuditEvent.action, AuditEvent.actor_id).order_by(AuditEvent.sequence.desc()).limit(3)
    )
    assert [tuple(row) for row in noted] == [
        ("account.closed", lena), ("role.revoked", lena), ("role.revoked", lena),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "kind", "scope"),
    [("admin", "organization", 1), ("author", "cohort", 1), ("facilitator", "site", 0), ("king", "site", 0),
     ("coordinator", "site", 3), ("coordinator", "organization", 0)],
)  # fmt: skip
def test_the_table_itself_refuses_a_role_in_a_scope_that_it_has_not(
    database: Database, role: str, kind: str, scope: int
) -> None:
    rosa = person(database)
    with pytest.raises(IntegrityError), transaction(database.session) as session:
        session.execute(
            insert(RoleGrant).values(user_id=rosa, role=role, scope_kind=kind, scope_id=scope, granted_at=NOW)
        )


def test_a_closed_account_is_nobody(database: Database) -> None:
    rosa = person(database)
    with transaction(database.session) as session:
        session.get_one(User, rosa).closed_at = NOW
    assert queries.actor(database.session, rosa) is None
    assert queries.secret_of(database.session, "rosa@harbor.example") is None
    assert queries.person_by_email(database.session, "rosa@harbor.example") is None


def test_one_address_is_one_account_also_by_constraint(database: Database) -> None:
    person(database)
    with pytest.raises(RuleBroken, match="email_taken"):
        person(database, "ROSA@harbor.example")
    with pytest.raises(IntegrityError), transaction(database.session) as session:
        session.add(User(email="rosa@harbor.example", name="R", created_at=NOW))


# ── Links, tries, kept posts ─────────────────────────────────────────────────────────────────────


def test_no_table_holds_a_token(database: Database) -> None:
    rosa, here = person(database), district(database)
    with transaction(database.session) as session:
        token = links.make_password_link(session, user_id=rosa, now=NOW, by=None)
        _, offer = links.invite(session, organization_id=here, email="i@harbor.example", now=NOW, by=None)
    assert database.session.scalars(select(links.OneUseLink.token_digest)).all() == [digest_of(token)]
    assert database.session.scalars(select(links.Invitation.token_digest)).all() == [digest_of(offer)]


def test_tries_are_counted_for_the_pair_the_account_and_the_address(database: Database) -> None:
    def attempt(account: str, address: str, minute: int = 0) -> tuple[int, int, int]:
        with transaction(database.session) as session:
            _, counts = tries.begin_try(
                session, account=account, address=address, now=NOW + timedelta(minutes=minute)
            )
        return counts.pair, counts.account, counts.address

    assert attempt("rosa", "school") == (1, 1, 1)
    assert attempt("rosa", "school") == (2, 2, 2)
    assert attempt("ana", "school") == (1, 1, 3)
    assert attempt("rosa", "home") == (1, 3, 1)
    assert attempt("rosa", "school", minute=20) == (1, 1, 1)


def test_old_tries_are_swept_away(database: Database) -> None:
    for moment in (NOW, NOW + timedelta(days=2)):
        with transaction(database.session) as session:
            tries.begin_try(session, account="a", address="b", now=moment)
    assert len(database.session.scalars(select(SignInFailure)).all()) == 1


def test_kept_posts_are_swept_away_after_a_month(database: Database) -> None:
    rosa = person(database)
    for moment in (NOW, NOW + timedelta(days=31)):
        with transaction(database.session) as session:
            kept.keep(session, user_id=rosa, path="/x", fields=(("a", "b\r\nc"),), now=moment)
    (row,) = kept.kept_posts(database.session, rosa)
    assert row.fields == (("a", "b\r\nc"),) and row.kept_at == NOW + timedelta(days=31)
