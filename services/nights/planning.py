"""What a person does with night shifts: plan one, look at it, stop it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Final

from db import generations as rows
from db import marks, nights
from db.database import Database
from db.nights import Night, Part
from db.states import State
from services.clock import utc_now
from services.errors import NightError, NotFoundError, StateError
from services.generations.admission import check_budgets
from services.generations.batch import Batches, Ready, begins, nonces
from services.library.marks import checked_name
from services.nights import rules
from services.nights.hours import next_hours
from services.nights.rules import Bill, Reason
from services.room import check_room
from services.trouble import told

LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, by the clock of a zone."""

    begin: dt.time
    end: dt.time
    zone: dt.tzinfo

    def next(self) -> tuple[dt.datetime, dt.datetime]:
        """Return the first such hours that are not over, in UTC."""
        return next_hours(self.begin, self.end, self.zone, utc_now())


@dataclass(frozen=True, slots=True)
class Cap:
    """How much at most. `tokens` None: no cap on tokens. A cap in money is one in prompts (`rules.prompts_for`)."""

    prompts: int
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a shift stands: its prompts in order and what they have come to."""

    night: Night
    parts: tuple[Part, ...]
    bill: Bill

    @property
    def waiting(self) -> int:
        """How many have not been sent and may still be."""
        return sum(part.state in (State.HELD, State.QUEUED) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Nights:
    """One person's night shifts."""

    batches: Batches

    def plan(self, ready: Ready, hours: Hours, cap: Cap, *, collection: str = "") -> Night:
        """Keep a batch to be sent at night, all of it in one transaction; the same batch twice is one shift.

        `collection` is the name of one to put it into, made if it is new.

        Raises:
            MarkError: not a name for a collection.
            NightError: the hours or the cap say nothing.
            StateError: the batch was sent already.
            BudgetError: all of it together would pass a budget.
            DiskFullError, StoreError: it could not be kept, so nothing of it will be sent.
        """
        night = self._night(ready, hours, cap)
        check_room(self.batches.mine.settings)
        planned = [
            {**row, "state": State.HELD, "release_at": None, "send_before": night.until_at}
            for row in self.batches.values(ready)
        ]
        with self._database.behind(partial(told, unsent=True)).transaction() as session:
            known = nights.of_batch(session, self._owner, ready.id)
            if known is not None:
                return known
            check_budgets(session, self._owner, ready.endpoint, planned, collection)
            if rows.insert_many(session, planned) != len(planned):
                raise StateError("these were sent already")
            nights.insert(session, night)
            if collection:
                name, ids = checked_name(collection), [row["id"] for row in planned]
                marks.collect_named(session, self._owner, ids, name, new_id=token_hex(12), at=utc_now())
        self.batches.mine.hand.wake()
        return night

    def stop(self, night_id: str) -> int:
        """End a shift: what has not been sent is cancelled, what runs goes on; return how many were cancelled.

        Raises:
            StateError: it has ended already.
        """
        night = self.get(night_id)
        with self._database.transaction() as session:
            if not nights.end(session, self._owner, night_id, Reason.BY_HAND, utc_now()):
                raise StateError("it has ended already")
            return rows.cancel_waiting_of(session, self._owner, begins(night.batch_id), utc_now())

    def get(self, night_id: str) -> Night:
        """Return one shift.

        Raises:
            NotFoundError: none, or someone else's.
        """
        with self._database.reading() as session:
            found = nights.get(session, self._owner, night_id)
        if found is None:
            raise NotFoundError("no such night shift")
        return found

    def of_batch(self, batch_id: str) -> Night | None:
        """Return the shift a batch was planned for; None if it was not."""
        with self._database.reading() as session:
            return nights.of_batch(session, self._owner, batch_id)

    def open(self) -> list[Night]:
        """Return what is planned or under way, in turn."""
        with self._database.reading() as session:
            return nights.open_of(session, self._owner)

    def newest(self) -> list[Night]:
        """Return the last ones, newest first."""
        with self._database.reading() as session:
            return nights.newest(session, self._owner, LISTED)

    def standing(self, night: Night) -> Standing:
        """Return where a shift stands."""
        with self._database.reading() as session:
            parts = nights.parts(session, self._owner, nonces(night.batch_id, night.prompts))
        return Standing(night, tuple(parts), rules.bill(parts))

    def _night(self, ready: Ready, hours: Hours, cap: Cap) -> Night:
        """Return the shift as it will be kept.

        Raises:
            NightError: the hours or the cap say nothing.
        """
        if hours.begin == hours.end:
            raise NightError("it ends when it begins", code="night_hours")
        if cap.prompts < 1 or (cap.tokens is not None and cap.tokens < 1):
            raise NightError("a cap of nothing", code="night_cap")
        from_at, until_at = hours.next()
        return Night(
            id=token_hex(12),
            owner=self._owner,
            batch_id=ready.id,
            state=nights.OPEN,
            reason=None,
            step=0,
            prompts=len(ready.rows),
            most_sent=min(cap.prompts, len(ready.rows)),
            most_tokens=cap.tokens,
            from_at=from_at,
            until_at=until_at,
            created_at=utc_now(),
        )

    @property
    def _owner(self) -> str:
        return self.batches.mine.owner

    @property
    def _database(self) -> Database:
        return self.batches.mine.database
