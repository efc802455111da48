"""The people of a team: who comes in, with which role, and until when a sign-in counts."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from db import audit
from db import people as rows
from db.database import Database
from db.people_records import AuditRecord, PersonRecord
from services.clock import utc_now
from services.endpoint.text import clean
from services.errors import NotAllowedError, NotFoundError, RightsError
from services.people.person import LOCAL, Person, Role, id_of, is_named
from services.settings import Settings
from services.usage.reading import Reach, Usage

__all__ = ["AuditRecord", "Member", "People", "Person", "Role"]

REMEMBER_SECONDS: Final = 1.0  # a sign-out in another process is seen that much later
_REMEMBERED: Final = 4_096
_COOKIE_DAYS: Final = 32  # Streamlit's lives for 30, and a day of grace
_SAID_CHARS: Final = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the administrators' list: a person, and what they used in thirty days. No word of any prompt."""

    person: Person
    signed_in_at: dt.datetime | None
    generations: int
    tokens: int


class People:
    """Everybody, for the whole installation. Remembers who is behind a sign-in for a second, in memory."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._known: dict[str, tuple[Person | None, float]] = {}
        self._lock = threading.Lock()

    def behind(self, claims: Mapping[str, Any], sign_in: str) -> Person | None:
        """Return who is behind a sign-in the provider vouched for; None if it has ended, or names nobody.

        Raises:
            StoreError: nobody can be looked up right now.
        """
        with self._lock:
            person, until = self._known.get(sign_in, (None, 0.0))
        if time.monotonic() < until:
            return person
        person = self._looked_up(claims, sign_in)
        with self._lock:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[sign_in] = (person, time.monotonic() + REMEMBER_SECONDS)
        return person

    def leave(self, sign_in: str) -> None:
        """End a sign-in, everywhere: its cookie counts no more, wherever a copy of it may be."""
        now = utc_now()
        with self._database.transaction() as session:
            who = rows.end_sign_in(session, sign_in, now)
            if who is not None:
                audit.note_of(session, who, "signed_out", at=now)
        self._forget(sign_in)

    def all(self, by: Person) -> list[Member]:
        """Return everybody with what they used.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._check(by)
        with self._database.reading() as session:
            everybody, seen = rows.all(session), rows.last_seen(session)
        return [self._member(_person(one), seen.get(one.id)) for one in everybody]

    def set_role(self, by: Person, id: str, role: Role) -> None:
        """Give somebody a role; `waiting` shuts them out and ends all their sign-ins.

        Raises:
            NotAllowedError: not an administrator.
            RightsError: it would leave the house without one (last_administrator).
            NotFoundError: no such person, or somebody else has just changed their role.
        """
        self._check(by)
        now = utc_now()
        with self._database.transaction() as session:
            before = rows.get(session, id)
            if before is None:
                raise NotFoundError("no such person")
            if before.role == role:
                return
            if before.role == Role.ADMINISTRATOR and rows.count_of(session, Role.ADMINISTRATOR) < 2:
                raise RightsError("somebody has to administer", code="last_administrator")
            if not rows.set_role(session, id, role, before=before.role):
                raise NotFoundError("changed meanwhile")
            if role is Role.WAITING:
                rows.end_sign_ins_of(session, id, now)
            audit.note_of(session, by.id, f"role_{role}", id, at=now)
        self._forget()

    def audit(self, by: Person, *, before_seq: int | None = None, limit: int = 100) -> list[AuditRecord]:
        """Return a page of the audit, newest first.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._check(by)
        with self._database.reading() as session:
            return audit.page(session, before_seq=before_seq, limit=limit)

    def audit_taken(self, by: Person) -> None:
        """Note that somebody takes the whole audit away.

        Raises:
            NotAllowedError: not an administrator.
        """
        self._check(by)
        with self._database.transaction() as session:
            audit.note_of(session, by.id, "audit_read", at=utc_now())

    def _looked_up(self, claims: Mapping[str, Any], sign_in: str) -> Person | None:
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and subject):
            return None
        id = id_of(issuer, subject)
        with self._database.reading() as session:
            known, is_open = rows.get(session, id), rows.sign_in_is_open(session, sign_in)
        if is_open is False:
            return None
        if known is None or is_open is None:
            known = self._arrived(claims, id, sign_in)
        return None if known is None else _person(known)

    def _arrived(self, claims: Mapping[str, Any], id: str, sign_in: str) -> PersonRecord | None:
        """Keep a new sign-in, and whoever comes for the first time."""
        now, called = utc_now(), {name: _said(claims.get(name)) for name in ("email", "name")}
        with self._database.transaction() as session:
            known = rows.get(session, id)
            if known is None:
                known = self._new(session, claims, id, called, now)
            elif (known.email, known.name) != (called["email"], called["name"]):
                rows.rename(session, id, **called)
            if known.role != Role.ADMINISTRATOR and self._is_the_administrator(claims, id):
                rows.set_role(session, id, Role.ADMINISTRATOR, before=known.role)
            if rows.begin_sign_in(session, sign_in, id, now):
                audit.note_of(session, id, "signed_in", at=now)
            rows.forget_sign_ins(session, now - dt.timedelta(days=_COOKIE_DAYS))
            return rows.get(session, id)

    def _new(
        self, session: Any, claims: Mapping[str, Any], id: str, called: dict[str, str], now: dt.datetime
    ) -> PersonRecord:
        """Keep somebody new. The first administrator takes over what was made before there were people."""
        administers = self._is_the_administrator(claims, id)
        role = Role.ADMINISTRATOR if administers else Role(self._settings.new_people or Role.WAITING)
        space = LOCAL if administers and rows.space_is_free(session, LOCAL) else id
        person = PersonRecord(id=id, space=space, role=role, created_at=now, **called)
        rows.add(session, person, issuer=str(claims["iss"]), subject=str(claims["sub"]))
        audit.note_of(session, id, "came", at=now)
        return rows.get(session, id) or person

    def _is_the_administrator(self, claims: Mapping[str, Any], id: str) -> bool:
        return is_named(claims, id, self._settings.admin or "")

    def _member(self, person: Person, seen: dt.datetime | None) -> Member:
        usage = Usage(person.space, self._database)
        used = usage.sums(usage.span(Reach.MONTH, utc_now()).whole)
        real = [one for one in used if one.line.sent and not one.line.demo]
        return Member(person, seen, sum(one.generations for one in real), sum(one.total_tokens for one in real))

    def _forget(self, sign_in: str | None = None) -> None:
        with self._lock:
            if sign_in is None:
                self._known.clear()
            else:
                self._known[sign_in] = (None, time.monotonic() + REMEMBER_SECONDS)

    @staticmethod
    def _check(by: Person) -> None:
        if not by.administers:
            raise NotAllowedError("for administrators")


def _person(row: PersonRecord) -> Person:
    return Person(id=row.id, space=row.space, email=row.email, name=row.name, role=Role(row.role))


def _said(claim: object) -> str:
    return clean(claim).strip()[:_SAID_CHARS] if isinstance(claim, str) else ""
