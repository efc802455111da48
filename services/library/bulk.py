"""The same thing done to many: fifty in each transaction, so that nobody waits for it and a stop loses nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from db import bulk as queries
from db import marks as mark_queries
from db import trash, videos
from services.clock import utc_now
from services.errors import MarkError
from services.jobs.hand import Hand
from services.jobs.runs import Run
from services.library.marks import Marks, checked_name
from services.library.selection import Selection, Selections

__all__ = ["Act", "Bulk", "Run", "Selection", "Selections"]

AT_ONCE: Final = 50


class Act(StrEnum):
    """What can be done to many. The first five take a value: stars, a tag, the name of a collection."""

    RATE = "rate"
    TAG = "tag"
    UNTAG = "untag"
    COLLECT = "collect"
    RELEASE = "release"
    FAVOURITE = "favourite"
    NO_FAVOURITE = "no_favourite"
    FETCH = "fetch"
    TRASH = "trash"
    RESTORE = "restore"


SAME: Final = "same"  # it is so already
UNENDED: Final = "unended"
NO_FAILED: Final = "no_failed"
_Part = Callable[[Any, list[str]], "tuple[int, Counter[str]]"]


@dataclass(frozen=True, slots=True)
class Bulk:
    """One person's way to do something to many."""

    selections: Selections
    marks: Marks
    hand: Hand

    def begin(self, chosen: Selection, act: Act, value: str = "") -> None:
        """Begin to do it to all that is chosen; `run` tells how far it is. The page may be left meanwhile.

        Raises:
            MarkError: no such rating, or not a name; nothing was begun.
            StateError: another run is not over.
        """
        part, undo = self._part(act, value)
        run = Run(kind=act.value, value=value, total=self.selections.count(chosen))
        self.hand.runs.begin(self.marks.owner, run, lambda run: self._work(run, chosen, part, undo))

    def run(self) -> Run | None:
        """Return what is being done to many, or came of it; None if nothing is, or its result was seen."""
        return self.hand.runs.of(self.marks.owner)

    def stop(self) -> None:
        """End the run after the part it is at; what was done stays done."""
        run = self.run()
        if run is not None:
            run.stopping = True

    def seen(self) -> None:
        """Forget a run that has ended."""
        self.hand.runs.seen(self.marks.owner)

    def _work(self, run: Run, chosen: Selection, part: _Part, undo: Selection | None) -> None:
        for seqs in self.selections.seqs(chosen, at_once=AT_ONCE):
            if run.stopping:
                break
            with self.marks.database.transaction() as session:
                ids = queries.ids_of(session, self.marks.owner, seqs)
                changed, refused = part(session, ids)
            run.done += len(seqs)
            run.changed += changed
            run.refused += refused
            if undo is not None and run.changed:
                run.undo = undo
        if run.kind == Act.FETCH:
            self.hand.wake()

    def _part(self, act: Act, value: str) -> tuple[_Part, Selection | None]:
        """Return what is done to each fifty, and what would undo all of it."""
        owner = self.marks.owner
        if act is Act.TRASH:
            at = utc_now()
            return _trash(owner, at), Selection(trashed_at=at)
        if act is Act.RESTORE:
            return _counted(lambda session, ids: len(trash.take_back(session, owner, ids))), None
        if act is Act.FETCH:
            return _fetch(owner), None
        if act in (Act.FAVOURITE, Act.NO_FAVOURITE):
            favourite = act is Act.FAVOURITE
            return _counted(lambda session, ids: queries.set_mark(session, owner, ids, "favourite", favourite)), None
        if act is Act.RATE:
            stars = _stars(value)
            return _counted(lambda session, ids: queries.set_mark(session, owner, ids, "rating", stars)), None
        return self._named(act, checked_name(value)), None

    def _named(self, act: Act, name: str) -> _Part:
        owner = self.marks.owner
        if act is Act.TAG:
            return _counted(lambda session, ids: mark_queries.tag(session, owner, ids, name))
        if act is Act.UNTAG:
            return _counted(lambda session, ids: mark_queries.untag(session, owner, ids, name))
        collection = self.marks.make_collection(name)
        if act is Act.COLLECT:
            return _counted(lambda session, ids: mark_queries.collect(session, owner, ids, collection))
        return _counted(lambda session, ids: mark_queries.release(session, owner, ids, collection))


def _counted(change: Callable[[Any, list[str]], int]) -> _Part:
    """Make a part of a change that tells for how many it was news: for the others it was so already."""

    def part(session: Any, ids: list[str]) -> tuple[int, Counter[str]]:
        changed = change(session, ids)
        return changed, Counter({SAME: len(ids) - changed})

    return part


def _trash(owner: str, at: dt.datetime) -> _Part:
    def part(session: Any, ids: list[str]) -> tuple[int, Counter[str]]:
        unended = queries.unended(session, owner, ids)
        changed = len(trash.put(session, owner, ids, at))
        return changed, Counter({UNENDED: unended, SAME: len(ids) - changed - unended})

    return part


def _fetch(owner: str) -> _Part:
    def part(session: Any, ids: list[str]) -> tuple[int, Counter[str]]:
        failed = queries.with_failed_videos(session, owner, ids)
        videos.retry_all(session, owner, failed)
        return len(failed), Counter({NO_FAILED: len(ids) - len(failed)})

    return part


def _stars(value: str) -> int | None:
    """Return the stars of a value; None takes them away.

    Raises:
        MarkError: no such rating.
    """
    if value not in ("", "1", "2", "3", "4", "5"):
        raise MarkError("a rating is 1 to 5", code="rating_invalid")
    return int(value) if value else None
