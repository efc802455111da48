"""The take play-off: two at a time, the winner goes on, the loser gets a reason. What was judged is kept pair by pair.

Where a play-off stands follows from its order and the verdicts alone, so it survives a reload and another device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import generations as rows
from db import verdicts
from db.database import Database
from db.records import Generation
from db.verdicts import Verdict
from services.clock import utc_now
from services.errors import NotFoundError
from services.prompts.desk import fields_of
from services.prompts.lessons import IDS, Told

__all__ = ["PlayOff", "Standing", "Verdict", "standing"]

MOST = 24
REMEMBERED = 300
"""Verdicts that lessons are drawn from, newest first: taste and models change."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a play-off is: the pair to judge (by seq) or, at its end, the winner; and what was said so far."""

    pair: tuple[int, int] | None
    winner: int | None
    judged: tuple[Verdict, ...]
    rounds: int


@dataclass(frozen=True, slots=True)
class PlayOff:
    """One person's play-offs."""

    owner: str
    database: Database

    def entrants(self, ids: Sequence[str]) -> list[Generation]:
        """Return those of these generations that are this person's and have a kept video, in this order."""
        wanted = list(dict.fromkeys(ids))[:MOST]
        with self.database.reading() as session:
            found = {one.id: one for one in rows.of_ids(session, self.owner, wanted)}
        return [found[id] for id in wanted if id in found and any(v.state == "kept" for v in found[id].videos)]

    def look(self, entrants: Sequence[Generation]) -> Standing:
        """Return where the play-off of these stands."""
        seqs = [one.seq for one in entrants]
        with self.database.reading() as session:
            return standing(seqs, verdicts.among(session, self.owner, seqs))

    def judge(self, winner_id: str, loser_id: str) -> None:
        """Keep who is better.

        Raises:
            NotFoundError: one of them is not there, or someone else's; or both are the same.
        """
        with self.database.transaction() as session:
            found = {one.id: one.seq for one in rows.of_ids(session, self.owner, (winner_id, loser_id))}
            if len(found) != 2:
                raise NotFoundError("no such pair")
            verdicts.judge(session, self.owner, found[winner_id], found[loser_id], utc_now())

    def why(self, verdict: Verdict, reasons: Sequence[str]) -> None:
        """Keep what was wrong with the one that lost; unknown words are left out.

        Raises:
            NotFoundError: there is no such verdict.
        """
        known = [one for one in IDS if one in reasons]
        with self.database.transaction() as session:
            if not verdicts.give_reasons(session, self.owner, verdict.winner, verdict.loser, known):
                raise NotFoundError("no such verdict")

    def take_back(self, verdict: Verdict) -> None:
        """Forget one verdict: its pair is to be judged again."""
        with self.database.transaction() as session:
            verdicts.take_back(session, self.owner, verdict.winner, verdict.loser)

    def begin_anew(self, entrants: Sequence[Generation]) -> None:
        """Forget every verdict among these."""
        with self.database.transaction() as session:
            verdicts.forget(session, self.owner, [one.seq for one in entrants])

    def told(self) -> tuple[Told, ...]:
        """Return why takes lost, newest first, with the looks they were asked to have."""
        with self.database.reading() as session:
            found = verdicts.lost(session, self.owner, limit=REMEMBERED)
        return tuple(Told(one.reasons, fields_of(one.fields).looks) for one in found if one.reasons)


def standing(seqs: Sequence[int], judged: Sequence[Verdict]) -> Standing:
    """Return where a play-off in this order stands after these verdicts (oldest first).

    >>> standing([1, 2, 3], []).pair
    (1, 2)
    """
    best = {frozenset((one.winner, one.loser)): one for one in judged}  # of two on one pair the newer
    champion = seqs[0] if seqs else None
    used: list[Verdict] = []
    for challenger in seqs[1:]:
        verdict = best.get(frozenset((champion, challenger))) if champion is not None else None
        if verdict is None:
            return Standing((champion or 0, challenger), None, tuple(used), len(seqs) - 1)
        used.append(verdict)
        champion = verdict.winner
    return Standing(None, champion, tuple(used), max(0, len(seqs) - 1))
