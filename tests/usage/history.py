"""Random lives of generations, by the product's own acts and by plain UPDATEs; and the sums of them added by hand."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db import marks, rescue, trash, videos
from db.database import Database
from db.library_tables import CollectedRow, CollectionRow, PastUsageRow
from db.states import ENDED, State, VideoState
from db.tables import GenerationRow, VideoRow
from db.usage import UsageLine
from tests.db.rows import add

FIRST = dt.datetime(2026, 3, 27, tzinfo=dt.UTC)  # Europe's clocks go forward two days later
OWNERS = ("local", "ann")
SUMS = (
    *("generations", "prompt_told", "completion_told", "total_told", "prompt_tokens", "completion_tokens"),
    *("total_tokens", "cost_nano", "videos", "keepers"),
)


class Life:
    """What happens to an installation, the same for the same seed."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.ids: dict[str, str] = {}  # id: owner
        self.films: list[str] = []

    def happen(self, count: int) -> None:
        """Do so many random things, some in one transaction and some rolled back."""
        acts: list[Callable[[Session], object]] = [self.begin, self.begin, self.change, self.change, self.change]
        acts += [self.film, self.film, self.settle, self.collect, self.release, self.say, self.mark, self.throw]
        acts += [self.bring_back, self.delete, self.dissolve, self.price_past, self.lose_film]
        done = 0
        while done < count:
            with self.database.transaction() as session:
                ids, films = dict(self.ids), list(self.films)
                for _ in range(self.chance.randrange(1, 6)):
                    self.chance.choice(acts)(session)
                    done += 1
                session.flush()
                if self.chance.random() < 0.1:
                    session.rollback()
                    self.ids, self.films = ids, films

        with self.database.transaction() as session:
            for _ in range(9):
                self.collect(session)

    def begin(self, session: Session) -> None:
        """Keep a prompt, or take in a row that has ended already."""
        owner = self.chance.choice(OWNERS)
        seconds = self.chance.randrange(5 * 86400)
        made = add(
            session,
            owner=owner,
            created_at=FIRST + dt.timedelta(seconds=seconds, microseconds=self.chance.randrange(1_000_000)),
            model=self.chance.choice(("sora-2", "veo-3")),
            endpoint_id=self.chance.choice(("e1", "e2", "demo")),
            endpoint_name=self.chance.choice(("One", "Eins")),
            demo=self.chance.random() < 0.15,
        )
        self.ids[made.id] = owner
        if self.chance.random() < 0.7:
            self._set(
                session, made.id, state=self.chance.choice(list(State)), sent_at=self.chance.choice((FIRST, None))
            )
        if self.chance.random() < 0.1:
            self._set(session, made.id, imported_at=FIRST)

    def change(self, session: Session) -> None:
        """Change anything that a total hangs on."""
        number = self.chance.choice((None, 0, self.chance.randrange(1, 5000)))
        values: dict[str, Any] = self.chance.choice(
            (
                {"state": self.chance.choice(list(State))},
                {"sent_at": self.chance.choice((FIRST, None))},
                {"prompt_tokens": number},
                {"completion_tokens": number, "total_tokens": number},
                {"total_tokens": number},
                {"cost_nano": number, "cost_currency": None if number is None else self.chance.choice(("USD", "CNY"))},
                {"charged": self.chance.choice((None, True, False))},
                {"model": "kling-2", "owner": self.chance.choice(OWNERS)},
                {"notes": "no total hangs on it"},
                {"created_at": FIRST + dt.timedelta(minutes=self.chance.randrange(5 * 1440))},
            )
        )
        self._set(session, self._one(), **values)

    def film(self, session: Session) -> None:
        """Note a link of an answer."""
        id, made = self._one(), f"v{self.chance.getrandbits(60)}"
        if session.scalar(select(GenerationRow.seq).where(GenerationRow.id == id)) is None:
            return
        videos.add(
            session, id=made, owner=self.ids[id], generation_id=id, source_url=f"https://x.example/{made}", at=FIRST
        )
        self.films.append(made)

    def settle(self, session: Session) -> None:
        """Keep a video, or lose one."""
        if self.films:
            state = self.chance.choice((VideoState.KEPT, VideoState.KEPT, VideoState.FAILED))
            session.execute(update(VideoRow).where(VideoRow.id == self.chance.choice(self.films)).values(state=state))

    def lose_film(self, session: Session) -> None:
        """Delete the row of a video whose generation stays."""
        if self.films and self.chance.random() < 0.3:
            session.execute(delete(VideoRow).where(VideoRow.id == self.chance.choice(self.films)))

    def collect(self, session: Session) -> None:
        """Put some into a collection."""
        owner = self.chance.choice(OWNERS)
        name = self.chance.choice(("boats", "rain"))
        new = f"c{self.chance.getrandbits(60)}"
        marks.collect_named(session, owner, self._some(), name, new_id=new, at=FIRST)

    def release(self, session: Session) -> None:
        """Take some out of their collections."""
        for id in session.scalars(select(CollectionRow.id)).all():
            for owner in OWNERS:
                marks.release(session, owner, self._some()[:1], id)

    def dissolve(self, session: Session) -> None:
        """Dissolve a collection, now and then."""
        found = session.execute(select(CollectionRow.id, CollectionRow.owner)).first()
        if found is not None and self.chance.random() < 0.1:
            marks.dissolve(session, found.owner, found.id, limit=500)

    def say(self, session: Session) -> None:
        """Say what the bill says."""
        rescue.set_charged(session, "local", self._one(), self.chance.choice((True, False, None)), FIRST)

    def mark(self, session: Session) -> None:
        """Give stars or a heart."""
        owner = self.chance.choice(OWNERS)
        marks.set_mark(session, owner, self._one(), rating=self.chance.choice((None, 3, 4, 5)))
        marks.set_mark(session, owner, self._one(), favourite=self.chance.random() < 0.5)

    def throw(self, session: Session) -> None:
        """Put some into the trash."""
        trash.put(session, self.chance.choice(OWNERS), self._some(), FIRST)

    def bring_back(self, session: Session) -> None:
        """Take some out of it."""
        trash.take_back(session, self.chance.choice(OWNERS), self._some())

    def delete(self, session: Session) -> None:
        """Delete some for ever."""
        trash.delete_for_ever(session, self.chance.choice(OWNERS), FIRST, limit=2)

    def price_past(self, session: Session) -> None:
        """Give what is gone a cost, as re-pricing may."""
        nano = self.chance.choice((None, 7))
        one = select(PastUsageRow.seq).limit(1).scalar_subquery()
        session.execute(update(PastUsageRow).where(PastUsageRow.seq == one).values(cost_nano=nano, cost_currency="EUR"))

    def _set(self, session: Session, id: str, **values: Any) -> None:
        session.execute(update(GenerationRow).where(GenerationRow.id == id).values(**values))
        if "owner" in values and id in self.ids:
            self.ids[id] = values["owner"]

    def _one(self) -> str:
        return self.chance.choice(list(self.ids)) if self.ids else "none"

    def _some(self) -> list[str]:
        return [self._one() for _ in range(4)]


Sums = dict[tuple[int, UsageLine], tuple[int, ...]]


def by_hand(session: Session, owner: str | None, edges: Sequence[dt.datetime], *, collected: bool) -> Sums:
    """Add up the rows one by one, in Python and by nothing of the product's."""
    found: dict[tuple[int, UsageLine], Counter[str]] = defaultdict(Counter)
    kept = Counter(session.scalars(select(VideoRow.generation_id).where(VideoRow.state == "kept")))
    inside: dict[int, list[int]] = defaultdict(list)
    for pair in session.scalars(select(CollectedRow)):
        inside[pair.generation_seq].append(pair.collection_seq)
    rows: list[Any] = [
        row
        for row in session.scalars(select(GenerationRow))
        if row.state in ENDED and row.imported_at is None
    ]  # fmt: skip
    for row in [*rows, *session.scalars(select(PastUsageRow))]:
        at = row.created_at
        bucket = next((place for place, (begin, end) in enumerate(pairwise(edges)) if begin <= at < end), None)
        if bucket is None or owner not in (None, row.owner):
            continue
        gone = isinstance(row, PastUsageRow)
        for collection in ([] if gone else inside[row.seq]) if collected else [0]:
            amounts = found[bucket, _line(row, collection)]
            _add_one(amounts, row, videos=0 if gone else kept[row.id])
    return {place: tuple(amounts[name] for name in SUMS) for place, amounts in found.items()}


def _line(row: Any, collection: int) -> UsageLine:
    sure = _certainty(row)
    gone = isinstance(row, PastUsageRow)
    return UsageLine(
        owner=row.owner,
        collection_seq=collection,
        endpoint_id=row.endpoint_id,
        endpoint_name=row.endpoint_name,
        model=row.model,
        demo=row.demo,
        sent=row.sent_at is not None and row.state != "not_sent",
        state=row.state,
        certainty=sure,
        shelf="gone" if gone else "trash" if row.trashed_at else "kept",
        currency=row.cost_currency or "" if sure in ("sure", "maybe") and row.cost_nano is not None else "",
    )


def _certainty(row: Any) -> str:
    if row.demo:
        return "none"
    if row.charged is not None:
        return "sure" if row.charged else "not_charged"
    if row.state in ("rejected", "not_sent") or (row.state == "cancelled" and row.sent_at is None):
        return "none"
    return "sure" if row.state == "done" else "maybe"


def _add_one(amounts: Counter[str], row: Any, *, videos: int) -> None:
    amounts["generations"] += 1
    for name in ("prompt", "completion", "total"):
        count = getattr(row, f"{name}_tokens")
        amounts[f"{name}_told"] += count is not None
        amounts[f"{name}_tokens"] += count or 0
    if _certainty(row) in ("sure", "maybe"):
        amounts["cost_nano"] += row.cost_nano or 0
    amounts["videos"] += videos
    if not isinstance(row, PastUsageRow):
        amounts["keepers"] += row.favourite or (row.rating or 0) >= 4
