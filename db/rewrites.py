"""Queries about rewrites: a prompt that a chat model was asked to write anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.composer_tables import RewriteRow
from db.conditional import changes
from db.records import Cost, Ending

SENDING = "sending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """One rewrite. Token counts: None is unknown, never 0. `state`: sending, or one that a generation ends in."""

    id: str
    owner: str
    nonce: str
    endpoint_id: str
    endpoint_name: str
    model: str
    length: str
    before: str
    after: str
    state: str
    error_code: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    created_at: dt.datetime
    ended_at: dt.datetime | None
    cost_nano: int | None = None
    cost_currency: str | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What rewrites used: how many were asked, how many named no tokens, the sum of those that did (None: none).

    `nano`: billionths by currency of those with a price; `unpriced`: how many of the others may have cost something.
    """

    asked: int
    unknown: int
    total_tokens: int | None
    nano: Mapping[str, int]
    unpriced: int


def begin(session: Session, rewrite: Rewrite) -> bool:
    """Keep a rewrite that is about to be asked for; False if this nonce has been. Commit before a byte leaves."""
    values = {name: getattr(rewrite, name) for name in Rewrite.__dataclass_fields__}
    statement = upsert.insert(session, RewriteRow).values(**values)
    done = statement.on_conflict_do_nothing(index_elements=["owner", "nonce"]).returning(RewriteRow.seq)
    return session.scalar(done) is not None


def end(session: Session, id: str, ending: Ending, after: str, at: dt.datetime, *, cost: Cost | None = None) -> bool:
    """Keep what came of it, and what it cost; False if it has ended."""
    priced = {} if cost is None else asdict(cost)
    return changes(
        session,
        update(RewriteRow)
        .where(RewriteRow.id == id, RewriteRow.state == SENDING)
        .values(
            state=ending.state,
            after=after,
            error_code=ending.error_code,
            prompt_tokens=ending.prompt_tokens,
            completion_tokens=ending.completion_tokens,
            total_tokens=ending.total_tokens,
            ended_at=at,
            **priced,
        ),
    )


def get(session: Session, owner: str, *, id: str | None = None, nonce: str | None = None) -> Rewrite | None:
    """Return a rewrite by its id or its nonce; None if there is none, or it is someone else's."""
    which = RewriteRow.id == id if id is not None else RewriteRow.nonce == nonce
    row = session.scalar(select(RewriteRow).where(RewriteRow.owner == owner, which))
    return None if row is None else Rewrite(**{name: getattr(row, name) for name in Rewrite.__dataclass_fields__})


def used(session: Session, owner: str, since: dt.datetime, before: dt.datetime) -> Used:
    """Add up what an owner's rewrites used between two times; what was never sent is not counted."""
    spent = RewriteRow.state.not_in(("not_sent", "rejected", SENDING))
    statement = (
        select(
            RewriteRow.cost_currency,
            func.count(),
            func.coalesce(func.sum(case((RewriteRow.total_tokens.is_(None), 1), else_=0)), 0),
            func.sum(RewriteRow.total_tokens),
            func.coalesce(func.sum(case((spent, RewriteRow.cost_nano), else_=0)), 0),
            func.coalesce(func.sum(case((spent & RewriteRow.cost_nano.is_(None), 1), else_=0)), 0),
        )
        .where(RewriteRow.owner == owner, RewriteRow.created_at >= since, RewriteRow.created_at < before)
        .where(RewriteRow.state != "not_sent")
        .group_by(RewriteRow.cost_currency)
    )
    rows = session.execute(statement).all()
    tokens = [int(row[3]) for row in rows if row[3] is not None]
    return Used(
        asked=sum(row[1] for row in rows),
        unknown=sum(int(row[2]) for row in rows),
        total_tokens=sum(tokens) if tokens else None,
        nano={row[0]: int(row[4]) for row in rows if row[0] is not None},
        unpriced=sum(int(row[5]) for row in rows),
    )
