"""Queries about people and their sign-ins."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes, count_changed
from db.people_records import PersonRecord
from db.people_tables import PersonRow, SignInRow


def get(session: Session, id: str) -> PersonRecord | None:
    """Return a person; None if nobody of that id ever signed in."""
    row = session.get(PersonRow, id, populate_existing=True)
    return None if row is None else _record(row)


def all(session: Session) -> list[PersonRecord]:
    """Return everybody, in the order they came."""
    return [_record(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.created_at, PersonRow.id))]


def add(session: Session, person: PersonRecord, *, issuer: str, subject: str) -> bool:
    """Keep somebody new; False if they are known already, or the space is taken."""
    values = {name: getattr(person, name) for name in ("id", "space", "email", "name", "role", "created_at")}
    statement = (
        upsert.insert(session, PersonRow)
        .values(**values, issuer=issuer, subject=subject)
        .on_conflict_do_nothing()
        .returning(PersonRow.id)
    )
    return session.scalar(statement) is not None


def space_is_free(session: Session, space: str) -> bool:
    """Tell whether nobody has this space."""
    return session.scalar(select(PersonRow.id).where(PersonRow.space == space)) is None


def rename(session: Session, id: str, *, email: str, name: str) -> bool:
    """Note what the provider calls a person by now."""
    return changes(session, update(PersonRow).where(PersonRow.id == id).values(email=email, name=name))


def set_role(session: Session, id: str, role: str, *, before: str) -> bool:
    """Give a person another role; False if theirs is no longer `before`."""
    known = PersonRow.id == id, PersonRow.role == before
    return changes(session, update(PersonRow).where(*known).values(role=role))


def count_of(session: Session, role: str) -> int:
    """Return how many have a role; holds those rows until the transaction ends."""
    return len(session.scalars(select(PersonRow.id).where(PersonRow.role == role).with_for_update()).all())


def begin_sign_in(session: Session, id: str, person_id: str, at: dt.datetime) -> bool:
    """Keep a sign-in; False if it is known already."""
    statement = (
        upsert.insert(session, SignInRow)
        .values(id=id, person_id=person_id, began_at=at)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(SignInRow.id)
    )
    return session.scalar(statement) is not None


def sign_in_is_open(session: Session, id: str) -> bool | None:
    """Tell whether a sign-in goes on; None if it is not known."""
    row = session.execute(select(SignInRow.id, SignInRow.ended_at).where(SignInRow.id == id)).first()
    return None if row is None else row.ended_at is None


def end_sign_in(session: Session, id: str, at: dt.datetime) -> str | None:
    """End one and return whose it was; None if it had ended, or is not known."""
    open_ = SignInRow.id == id, SignInRow.ended_at.is_(None)
    ended = update(SignInRow).where(*open_).values(ended_at=at).returning(SignInRow.person_id)
    return session.scalar(ended.execution_options(synchronize_session=False))


def end_sign_ins_of(session: Session, person_id: str, at: dt.datetime) -> int:
    """End all of a person's; return how many."""
    open_ = SignInRow.person_id == person_id, SignInRow.ended_at.is_(None)
    return count_changed(session, update(SignInRow).where(*open_).values(ended_at=at))


def forget_sign_ins(session: Session, before: dt.datetime) -> int:
    """Delete those whose cookie cannot be valid any more; return how many."""
    return count_changed(session, delete(SignInRow).where(SignInRow.began_at < before))


def last_seen(session: Session) -> dict[str, dt.datetime]:
    """Return when each person signed in last."""
    newest = select(SignInRow.person_id, func.max(SignInRow.began_at).label("at")).group_by(SignInRow.person_id)
    return {row.person_id: row.at for row in session.execute(newest)}


def _record(row: PersonRow) -> PersonRecord:
    return PersonRecord(
        id=row.id, space=row.space, email=row.email, name=row.name, role=row.role, created_at=row.created_at
    )
