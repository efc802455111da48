"""A library of random generations, and what a plain scan finds in it."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from db import generations, search_entries, videos
from db.database import Database
from db.records import Ending
from db.search_text import MAX_TOKENS, fold, runs
from db.states import Outcome, State
from db.tables import GenerationRow
from services.library.marks import Marks
from services.library.trash import Trash
from services.settings import Settings
from tests.db.rows import add

WORDS = ["城", "市", "夜", "景", "の", "カ", "neon", "nest", "bo", "boat", "Boats", "é", "straße", "slow", "push", "in"]
MODELS = ["sora-2", "sora-2-pro", "veo 3", "可灵"]
TAGS = ["rain", "Rainy day", "雨夜", "draft"]
ENDINGS = [State.DONE, State.DONE, State.FAILED, State.NOT_SENT, State.UNKNOWN, None]
FIRST_DAY = dt.datetime(2025, 11, 20, 1, tzinfo=dt.UTC)


@dataclass
class Fact:
    """All that is true of one generation."""

    id: str
    seq: int
    owner: str
    created_at: dt.datetime
    prompt: str
    model: str
    content: str = ""
    notes: str = ""
    state: State = State.QUEUED
    tokens: int | None = None
    took: float | None = None
    cost: float | None = None  # US dollars
    linked: bool = False
    imported: bool = False
    rating: int | None = None
    favourite: bool = False
    trashed: bool = False
    has_video: bool = False
    tags: list[str] = field(default_factory=list)
    collected: bool = False

    @property
    def paid(self) -> bool:
        """Whether money was or may have been spent on it here."""
        return self.state in (State.DONE, State.FAILED, State.UNKNOWN) and not self.imported

    @property
    def texts(self) -> list[str]:
        return [self.prompt, self.content, "\n".join([self.notes, *sorted(self.tags, key=fold)])]


def sentence(chance: random.Random) -> str:
    """Return some words with all sorts of things between them."""
    return "".join(
        chance.choice(WORDS) + chance.choice(["", "", " ", " ", ", ", "-"]) for _ in range(chance.randrange(7))
    )


def fill(database: Database, chance: random.Random, count: int, home: Path) -> list[Fact]:
    """Make a library of two people; return what is true of it."""
    facts = [_made(database, chance, number) for number in range(count)]
    for owner in ("local", "ann"):
        marks, trash = Marks(owner, database), Trash(owner, database, Settings(home=home))
        collection = marks.make_collection("Client A")
        for fact in (one for one in facts if one.owner == owner):
            _mark(fact, marks, trash, collection, chance)
    return facts


def _made(database: Database, chance: random.Random, number: int) -> Fact:
    at = FIRST_DAY + dt.timedelta(hours=chance.randrange(24 * 80))  # a clock that jumps: days and order differ
    owner, model, prompt = chance.choice(["local", "local", "ann"]), chance.choice(MODELS), sentence(chance)
    state, content = chance.choice(ENDINGS), sentence(chance)
    with database.transaction() as session:
        made = add(session, prompt, owner=owner, model=model, created_at=at)
        fact = Fact(made.id, made.seq, owner, at, prompt, model)
        if state is None:
            return fact
        fact.state, fact.content, fact.tokens = state, content, chance.choice([None, 5, 50, 500])
        generations.claim(session, made.id, "w1", at)
        outcome = Outcome.TEXT if state is State.DONE else None
        ending = Ending(state=state, outcome=outcome, content=content, total_tokens=fact.tokens)
        generations.end(session, made.id, "w1", ending, at)
        _more_of(session, fact, chance)
        if chance.random() < 0.4:
            fact.has_video = True
            _film(session, made.id, owner, at)
    return fact


def _more_of(session: Session, fact: Fact, chance: random.Random) -> None:
    """Give it what a price, a relay and an import leave behind."""
    fact.took, fact.linked = chance.choice([None, 2.5, 90.0]), chance.random() < 0.3
    fact.imported = chance.random() < 0.2
    fact.cost = chance.choice([None, 0.5, 2.0]) if fact.state is State.DONE else None
    said = {
        "duration_seconds": fact.took,
        "links": [{"url": "https://x.example/1.mp4"}] if fact.linked else [],
        "imported_at": fact.created_at if fact.imported else None,
        "cost_nano": None if fact.cost is None else int(fact.cost * 1e9),
        "cost_currency": None if fact.cost is None else "USD",
    }
    session.execute(update(GenerationRow).where(GenerationRow.seq == fact.seq).values(said))
    search_entries.refresh(session, [fact.seq])


def _film(session: Session, generation_id: str, owner: str, at: dt.datetime) -> None:
    id = uuid.uuid4().hex
    videos.add(session, id=id, owner=owner, generation_id=generation_id, source_url=f"https://x.example/{id}", at=at)
    videos.claim(session, id, "w1")
    videos.kept(
        session, id, sha256="0" * 64, media_type="video/mp4", size_bytes=1000, duration_seconds=4.0, width=16, height=9,
        poster=False, at=at,
    )  # fmt: skip


def _mark(fact: Fact, marks: Marks, trash: Trash, collection: str, chance: random.Random) -> None:
    if chance.random() < 0.5:
        fact.rating = chance.randrange(1, 6)
        marks.rate(fact.id, fact.rating)
    if chance.random() < 0.3:
        fact.favourite = True
        marks.set_favourite(fact.id, True)
    if chance.random() < 0.3:
        fact.notes = sentence(chance).strip()
        marks.note(fact.id, fact.notes)
    if chance.random() < 0.4:
        fact.tags = chance.sample(TAGS, chance.randrange(1, 3))
        marks.set_tags(fact.id, fact.tags)
    if chance.random() < 0.3:
        fact.collected = True
        marks.set_collections(fact.id, [collection])
    if fact.state is not State.QUEUED and chance.random() < 0.2:
        fact.trashed = True
        trash.put([fact.id])


Says = Callable[[Fact], bool]


def some_filter(chance: random.Random) -> tuple[str, Says]:
    """Return a filter as it is typed, and what it means."""
    return chance.choice(filters(chance))


def filters(chance: random.Random) -> list[tuple[str, Says]]:
    """Return every filter there is, some with values by chance, as it is typed, and what it means."""
    stars, day = chance.randrange(0, 7), (FIRST_DAY + dt.timedelta(days=chance.randrange(90))).date()
    model, tag, figure = chance.choice(MODELS), chance.choice(TAGS), chance.choice([5, 49, 600])
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
    return [
        (f"rating:>={stars}", lambda one: (one.rating or -1) >= stars if stars else one.rating is not None),
        (f"rating:<{stars}", lambda one: one.rating is not None and one.rating < stars),
        ("rating:none", lambda one: one.rating is None),
        ("is:favourite", lambda one: one.favourite),
        ("is:unrated", lambda one: one.rating is None),
        ("is:demo", lambda one: False),
        ("is:rated", lambda one: one.rating is not None),
        ("is:imported", lambda one: one.imported),
        ("has:video", lambda one: one.has_video),
        ("has:link", lambda one: one.linked),
        ("has:rating", lambda one: one.rating is not None),
        ("has:note", lambda one: bool(one.notes)),
        ("has:tag", lambda one: bool(one.tags)),
        ("has:collection", lambda one: one.collected),
        (f'model:"{model}"', lambda one: one.model == model),
        ("model:SORA", lambda one: one.model.startswith("sora")),
        (f'tag:"{tag}"', lambda one: tag in one.tags),
        ("tag:rai", lambda one: bool({"rain", "Rainy day"} & set(one.tags))),
        ("tag:none-such", lambda one: False),
        ('collection:"client a"', lambda one: one.collected),
        ("state:done", lambda one: one.state is State.DONE),
        ("state:not-sent,failed", lambda one: one.state in (State.NOT_SENT, State.FAILED)),
        ("state:queued", lambda one: one.state is State.QUEUED),
        ("state:waiting,done", lambda one: one.state in (State.QUEUED, State.DONE)),
        ("state:running", lambda one: False),
        ("state:text", lambda one: one.state is State.DONE),
        (f"after:{day}", lambda one: one.created_at >= midnight),
        (f"before：{day}", lambda one: one.created_at < midnight),
        (f"on:{day}", lambda one: one.created_at.date() == day),
        ("after:2026-01 before:2026-02", lambda one: (one.created_at.year, one.created_at.month) == (2026, 1)),
        (f"tokens:>{figure}", lambda one: one.tokens is not None and one.tokens > figure),
        ("took:<=2.5", lambda one: one.took == 2.5),
        ("cost:>1", lambda one: one.cost == 2 and not one.imported),
        ("cost:0.5USD", lambda one: one.cost == 0.5 and not one.imported),
        ("cost:<1CNY", lambda one: False),
        ("cost:unknown", lambda one: one.cost is None and one.paid),
    ]


def some_words(chance: random.Random) -> tuple[str, Says]:
    """Return words or a phrase as they are typed, and what they mean."""
    typed = "".join(chance.choice(WORDS) + chance.choice(["", " "]) for _ in range(chance.randrange(1, 4)))
    if chance.random() < 0.4:
        return f'"{typed}"', lambda one: any(holds_phrase(text, typed) for text in one.texts)
    if chance.random() < 0.3:
        typed = typed[: chance.randrange(1, len(typed) + 1)]
    return typed, lambda one: holds_words(one.texts, typed)


def holds_words(texts: list[str], typed: str) -> bool:
    """Tell by looking at each run of each text whether every word is in one of them."""
    held = [run for text in texts for run in runs(text)]
    return all(
        any(cjk == is_cjk and (word in run if cjk else run.startswith(word)) for run, is_cjk in held)
        for word, cjk in runs(typed)[:MAX_TOKENS]
    )


def holds_phrase(text: str, typed: str) -> bool:
    """Tell by looking at each place of a text whether the words follow each other there."""
    wanted, held = runs(typed), runs(text)
    return not wanted or any(_at(held[at : at + len(wanted)], wanted) for at in range(len(held)))


def _at(held: list[tuple[str, bool]], wanted: list[tuple[str, bool]]) -> bool:
    if len(held) < len(wanted) or any(one[1] != other[1] for one, other in zip(held, wanted, strict=True)):
        return False
    last = len(wanted) - 1
    for at, ((run, cjk), (word, _)) in enumerate(zip(held, wanted, strict=True)):
        fits = run == word
        if cjk and at == 0 == last:
            fits = word in run
        elif cjk and at == 0:
            fits = run.endswith(word)
        elif cjk and at == last:
            fits = run.startswith(word)
        if not fits:
            return False
    return True
