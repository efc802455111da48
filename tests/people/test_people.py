"""Who comes in, with which role, and when a sign-in counts no more; on both stores."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.database import Database
from services.errors import NotAllowedError, RightsError
from services.people.people import People, Person, Role
from services.people.person import LOCAL, id_of
from services.settings import Settings

ISSUER = "https://id.example"


def claims(subject: str, **more: Any) -> dict[str, Any]:
    named = {"email": f"{subject}@team.example", "email_verified": True, "name": subject.title()}
    return {"iss": ISSUER, "sub": subject, **named, **more}


def people(database: Database, **settings: Any) -> People:
    return People(database, Settings(home=Path("/nowhere"), admin="ann@team.example", **settings))


def come(house: People, subject: str, sign_in: str = "", **more: Any) -> Person:
    person = house.behind(claims(subject, **more), sign_in or f"s-{subject}")
    assert person is not None
    return person


def test_the_first_administrator_is_named_by_setting_and_takes_over_what_was_there(database: Database) -> None:
    house = people(database)

    ann, bob = come(house, "ann"), come(house, "bob")

    assert (ann.role, ann.space) == (Role.ADMINISTRATOR, LOCAL)
    assert (bob.role, bob.space, bob.id) == (Role.WAITING, id_of(ISSUER, "bob"), id_of(ISSUER, "bob"))
    assert not bob.let_in


def test_an_email_nobody_verified_makes_nobody_an_administrator(database: Database) -> None:
    house = people(database)

    assert come(house, "eve", email="ann@team.example", email_verified=False).role is Role.WAITING
    assert come(house, "mallory", email="ann@team.example", email_verified=None).role is Role.WAITING


def test_the_setting_may_name_an_id_and_new_people_may_be_let_in_at_once(database: Database) -> None:
    house = People(database, Settings(home=Path("/nowhere"), admin=id_of(ISSUER, "bob"), new_people="member"))

    assert come(house, "bob", email_verified=None).administers
    assert come(house, "cleo").role is Role.MEMBER


def test_the_same_subject_of_another_issuer_is_somebody_else(database: Database) -> None:
    house = people(database)

    here, there = come(house, "bob"), come(house, "bob", "other", iss="https://elsewhere.example")

    assert here.id != there.id
    assert here.space != there.space


@pytest.mark.parametrize("wrong", [{"iss": ""}, {"sub": ""}, {"sub": 7}, {"iss": None}])
def test_claims_that_name_nobody_are_nobody(database: Database, wrong: dict[str, Any]) -> None:
    assert people(database).behind({**claims("bob"), **wrong}, "s") is None


def test_a_sign_in_that_ended_counts_no_more_and_another_one_does(database: Database) -> None:
    house = people(database)
    come(house, "bob", "first")
    come(house, "bob", "second")

    house.leave("first")

    assert house.behind(claims("bob"), "first") is None
    assert people(database).behind(claims("bob"), "first") is None, "in every process"
    assert come(house, "bob", "second")


def test_who_is_shut_out_is_out_of_every_browser_and_comes_back_by_signing_in(database: Database) -> None:
    house = people(database, new_people="member")
    ann, bob = come(house, "ann"), come(house, "bob")

    house.set_role(ann, bob.id, Role.WAITING)
    assert house.behind(claims("bob"), "s-bob") is None
    house.set_role(ann, bob.id, Role.VIEWER)

    assert house.behind(claims("bob"), "s-bob") is None
    assert come(house, "bob", "new").role is Role.VIEWER


def test_somebody_always_administers(database: Database) -> None:
    house = people(database, new_people="member")
    ann, bob = come(house, "ann"), come(house, "bob")

    with pytest.raises(RightsError) as refused:
        house.set_role(ann, ann.id, Role.MEMBER)
    house.set_role(ann, bob.id, Role.ADMINISTRATOR)
    house.set_role(come(house, "bob"), ann.id, Role.MEMBER)

    assert refused.value.code == "last_administrator"
    assert [one.person.role for one in house.all(come(house, "bob"))] == [Role.MEMBER, Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.WAITING])
def test_only_administrators_see_people_and_the_audit(database: Database, role: Role) -> None:
    house = people(database)
    ann = come(house, "ann")
    nobody = Person("p1", "p1", "x@y.example", "X", role)

    for act in (
        lambda: house.all(nobody),
        lambda: house.audit(nobody),
        lambda: house.audit_taken(nobody),
        lambda: house.set_role(nobody, ann.id, Role.MEMBER),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_the_audit_says_who_did_what_to_whom_and_cannot_be_changed(database: Database) -> None:
    house = people(database)
    ann, bob = come(house, "ann"), come(house, "bob")
    house.set_role(ann, bob.id, Role.MEMBER)
    house.leave("s-bob")

    lines = [(line.email, line.action, line.what) for line in reversed(house.audit(ann))]

    a, b = "ann@team.example", "bob@team.example"
    first = [(a, "came", ""), (a, "signed_in", ""), (b, "came", ""), (b, "signed_in", "")]
    assert lines == [*first, (a, "role_member", bob.id), (b, "signed_out", "")]
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.execute(text(statement))
    assert len(house.audit(ann)) == 6


def test_the_audit_is_read_a_page_at_a_time(database: Database) -> None:
    house = people(database)
    ann = come(house, "ann")
    for number in range(5):
        come(house, "ann", f"again-{number}")

    newest = house.audit(ann, limit=4)
    older = house.audit(ann, before_seq=newest[-1].seq, limit=4)

    assert [line.action for line in older] == ["signed_in", "signed_in", "came"]
    assert newest[0].at <= dt.datetime.now(dt.UTC)
