"""Some generations of a person: those named, all that a view shows, or what was thrown away in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from db import bulk as queries
from db import library as pages
from db.library_records import Cursor, Order
from db.trash import Amount
from services.library.asking import View
from services.library.browsing import Library

AT_ONCE: Final = 5_000
"""Seqs asked for at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is chosen. One of: `ids`; `view`, up to the generation `newest`, so that what arrives later stays out;
    what was put into the trash exactly at `trashed_at`.
    """

    ids: tuple[str, ...] = ()
    view: View | None = None
    newest: int = 0
    trashed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Selections:
    """One person's ways to choose many."""

    library: Library

    def of_ids(self, ids: tuple[str, ...]) -> Selection:
        """Choose these; what is somebody else's is not among them."""
        return Selection(ids=ids)

    def of_view(self, view: View) -> Selection:
        """Choose all that a view shows now."""
        with self.library.database.reading() as session:
            return Selection(view=view, newest=queries.newest(session, self.library.owner))

    def amount(self, chosen: Selection) -> Amount:
        """Return how many generations, kept videos and bytes are chosen: all counted, however many."""
        generations = videos = size_bytes = 0
        for seqs in self.seqs(chosen, at_once=500):
            with self.library.database.reading() as session:
                some = queries.amount(session, self.library.owner, seqs)
            generations, videos = generations + some.generations, videos + some.videos
            size_bytes += some.size_bytes
        return Amount(generations=generations, videos=videos, size_bytes=size_bytes)

    def count(self, chosen: Selection) -> int:
        """Return how many are chosen, exactly."""
        return sum(map(len, self.seqs(chosen)))

    def seqs(self, chosen: Selection, *, at_once: int = AT_ONCE, oldest_first: bool = False) -> Iterator[list[int]]:
        """Yield the seqs of what is chosen, `at_once` at a time. Between two of them anything may change."""
        if chosen.view is not None:
            return self._of_view(chosen.view, chosen.newest, at_once, oldest_first=oldest_first)
        return self._named(chosen, at_once)

    def _named(self, chosen: Selection, at_once: int) -> Iterator[list[int]]:
        owner, database = self.library.owner, self.library.database
        last = 0
        while chosen.trashed_at is not None:
            with database.reading() as session:
                seqs = queries.seqs_trashed_at(session, owner, chosen.trashed_at, after=last, limit=at_once)
            if not seqs:
                return
            yield seqs
            last = seqs[-1]
        for start in range(0, len(chosen.ids), at_once):
            with database.reading() as session:
                seqs = queries.seqs_of(session, owner, chosen.ids[start : start + at_once])
            if seqs:
                yield seqs

    def _of_view(self, view: View, newest: int, at_once: int, *, oldest_first: bool) -> Iterator[list[int]]:
        """Walk through the view by its keys: what a change takes out of it, or puts in, moves nothing else."""
        order = Order.OLDEST if oldest_first else Order.NEWEST
        ask = self.library.asked(replace(view, order=order)).ask
        place: Cursor | None = Cursor(0, 0 if oldest_first else newest + 1)
        while place is not None:
            with self.library.database.reading() as session:
                found = pages.page(session, self.library.owner, ask, after=place, limit=at_once)
            seqs = [seq for seq in found.seqs if seq <= newest]
            if seqs:
                yield seqs
            place = found.next if len(seqs) == len(found.seqs) else None
