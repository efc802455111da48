"""Which of two generations a person found better, and what was wrong with the other. The last word on a pair counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import upsert
from db.conditional import changes, count_changed
from db.library_tables import VerdictRow
from db.tables import GenerationRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """One pair, judged: by seq. `reasons` are words of services.prompts.lessons."""

    winner: int
    loser: int
    reasons: tuple[str, ...]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a generation lost, and the fields it was made from."""

    reasons: tuple[str, ...]
    fields: dict[str, Any] | None


def judge(session: Session, owner: str, winner: int, loser: int, at: dt.datetime) -> None:
    """Keep who won; what was said of this pair before is forgotten. Both are the owner's."""
    session.execute(_of(owner, winner=loser, loser=winner))
    fresh = {"reasons": [], "judged_at": at}
    statement = upsert.insert(session, VerdictRow).values(owner=owner, winner_seq=winner, loser_seq=loser, **fresh)
    session.execute(statement.on_conflict_do_update(index_elements=["winner_seq", "loser_seq"], set_=fresh))


def give_reasons(session: Session, owner: str, winner: int, loser: int, reasons: Sequence[str]) -> bool:
    """Keep what was wrong with the one that lost; False if there is no such verdict."""
    statement = update(VerdictRow).where(*_pair(owner, winner, loser))
    return changes(session, statement.values(reasons=list(reasons)))


def take_back(session: Session, owner: str, winner: int, loser: int) -> bool:
    """Forget one verdict; False if there is none."""
    return changes(session, _of(owner, winner, loser))


def forget(session: Session, owner: str, seqs: Collection[int]) -> int:
    """Forget every verdict among these; return how many."""
    among_these = VerdictRow.winner_seq.in_(seqs), VerdictRow.loser_seq.in_(seqs)
    return count_changed(session, delete(VerdictRow).where(VerdictRow.owner == owner, *among_these))


def among(session: Session, owner: str, seqs: Collection[int]) -> list[Verdict]:
    """Return the verdicts among these, oldest first."""
    statement = (
        select(VerdictRow)
        .where(VerdictRow.owner == owner, VerdictRow.winner_seq.in_(seqs), VerdictRow.loser_seq.in_(seqs))
        .order_by(VerdictRow.judged_at, VerdictRow.seq)
        .execution_options(populate_existing=True)
    )
    return [
        Verdict(row.winner_seq, row.loser_seq, tuple(row.reasons), row.judged_at) for row in session.scalars(statement)
    ]


def lost(session: Session, owner: str, *, limit: int) -> list[Lost]:
    """Return the newest verdicts as what was wrong, those without a reason too."""
    statement = (
        select(VerdictRow.reasons, GenerationRow.fields)
        .join(GenerationRow, GenerationRow.seq == VerdictRow.loser_seq)
        .where(VerdictRow.owner == owner)
        .order_by(VerdictRow.seq.desc())
        .limit(limit)
    )
    return [Lost(tuple(row.reasons), row.fields) for row in session.execute(statement)]


def _pair(owner: str, winner: int, loser: int) -> tuple[Any, ...]:
    return VerdictRow.owner == owner, VerdictRow.winner_seq == winner, VerdictRow.loser_seq == loser


def _of(owner: str, winner: int, loser: int) -> Any:
    return delete(VerdictRow).where(*_pair(owner, winner, loser)).execution_options(synchronize_session=False)
