"""Whether money was spent on a row, told by the database in the very words of services.usage.certainty (a test)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy import false as never

from db.library_tables import PastUsageRow
from db.states import UNFINISHED, Certainty, State
from db.tables import GenerationRow

FREE_ENDS = (State.REJECTED, State.NOT_SENT)
"""Refused, or never out of the house: nothing was begun that could be charged."""


def certainty(kind: type[GenerationRow | PastUsageRow]) -> ColumnElement[str]:
    """Return the certainty of each row as a column; what was brought in from elsewhere spent nothing here."""
    brought_in = never() if kind is PastUsageRow else GenerationRow.imported_at.is_not(None)
    never_sent = and_(kind.state == State.CANCELLED, kind.sent_at.is_(None))
    return case(
        (or_(kind.demo, brought_in), Certainty.NONE),
        (kind.state.in_(UNFINISHED), Certainty.PENDING),
        (kind.charged.is_(True), Certainty.SURE),
        (kind.charged.is_(False), Certainty.NOT_CHARGED),
        (or_(kind.state.in_(FREE_ENDS), never_sent), Certainty.NONE),
        (kind.state == State.DONE, Certainty.SURE),
        else_=Certainty.MAYBE,
    )
