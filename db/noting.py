"""What a transaction tells the audit, cheap where there are no people: the tables of a team are not even read then."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

WHO: Final = "who"  # key of Session.info: the person a transaction is made for (db.database.Database.signed)


def note(session: Session, action: str, what: str = "", *, at: dt.datetime) -> None:
    """Keep that the transaction's person did something to an id; nothing in an installation without people."""
    who = session.info.get(WHO)
    if who is not None:
        from db import audit

        audit.note_of(session, str(who), action, what, at=at)
