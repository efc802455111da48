"""Lets the prompts of night shifts go, one after the other.

A decision is made on one snapshot and written only if the shift is still at the step it was read at, so of any number
of processes one makes it. What it lets go is then claimed like everything else, and only before its hours are over.

The hours are the wall clock's: that is what a person means by them. Whether one prompt has ended before the next goes
is read from the rows and needs no clock.
"""

from __future__ import annotations

from db import generations as rows
from db import nights
from db.database import Database
from db.nights import Night
from services.clock import utc_now
from services.generations.batch import begins, nonces
from services.nights.rules import Reason, next_of


def take_steps(database: Database) -> None:
    """Take the next step of each person's first shift in its hours, and end those that are over."""
    with database.reading() as session:
        waiting = nights.all_open(session)
    busy: set[str] = set()
    for night in waiting:
        if _goes_on(database, night, may_send=night.owner not in busy):
            busy.add(night.owner)


def _goes_on(database: Database, night: Night, *, may_send: bool) -> bool:
    """Do what is due about one shift; True while it keeps its owner's other shifts waiting."""
    now = utc_now()
    if now < night.from_at:
        return False
    with database.reading() as session:
        parts = nights.parts(session, night.owner, nonces(night.batch_id, night.prompts))
    due = next_of(night, parts, now)
    if due.end is not None:
        _end(database, night, due.end)
        return False
    if due.send is not None and may_send:
        with database.transaction() as session:
            if nights.decide(session, night):
                nights.release(session, due.send, now)
    return True


def _end(database: Database, night: Night, reason: Reason) -> None:
    """End it, and take back what has not been sent, in one transaction."""
    with database.transaction() as session:
        if nights.end(session, night.owner, night.id, reason, utc_now()):
            rows.cancel_waiting_of(session, night.owner, begins(night.batch_id), utc_now())
