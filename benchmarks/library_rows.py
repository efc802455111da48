"""The rows of the library's benchmark: realistic, the same ones for the same count.

Half of the prompts are English, a third Chinese, the rest Japanese, with answers as relays send them. They are written
in bulk; what is indexed of them is the product's own.
"""

from __future__ import annotations

import datetime as dt
import random
import time
import uuid
from collections.abc import Iterator
from itertools import accumulate, islice

from sqlalchemy import insert, text

from db import search_entries
from db.database import Database
from db.library_tables import UsedModelRow
from db.tables import GenerationRow

BATCH = 2_000
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
MODELS = ["sora-2", "sora-2-pro", "veo-3", "kling-2", "jimeng-3"]
MARKED_SHARE = 0.1


class Words:
    """Words as people use them: a few all the time, most hardly ever."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        syllables = [a + b for a in "bcdfghklmnprstvw" for b in "aeiou"]
        english = ["".join(chance.choices(syllables, k=chance.randrange(2, 4))) for _ in range(9_000)]
        self.english = ["a", "the", "slow", "camera", "light", "boat", *english]
        self.chinese = [chr(0x4E00 + number * 7) for number in range(2_900)]
        self.japanese = [chr(0x3042 + number) for number in range(80)] + self.chinese[:900]
        self._shares = {id(words): _zipf(len(words)) for words in (self.english, self.chinese, self.japanese)}

    def some(self, words: list[str], count: int) -> list[str]:
        """Return words, the frequent ones more often."""
        return self._chance.choices(words, cum_weights=self._shares[id(words)], k=count)

    def sentence(self) -> str:
        """Return a prompt."""
        kind = self._chance.random()
        if kind < 0.5:
            return " ".join(self.some(self.english, self._chance.randrange(15, 60)))
        words = self.chinese if kind < 0.84 else self.japanese
        return "，".join("".join(self.some(words, self._chance.randrange(6, 14))) for _ in range(5))


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / (place + 3) for place in range(count)))


def rows(chance: random.Random, words: Words, count: int) -> Iterator[dict[str, object]]:
    """Yield generations over two years, one in ten marked by its owner."""
    for number in range(count):
        at = NOW - dt.timedelta(days=730) * (1 - number / count)
        marked = chance.random() < MARKED_SHARE
        failed = chance.random() < 0.08
        yield {
            "id": uuid.UUID(int=chance.getrandbits(128)).hex[:24],
            "owner": "local" if number % 50 else "ann",
            "nonce": str(number),
            "state": "failed" if failed else "done",
            "outcome": None if failed else "video",
            "priority": 0,
            "prompt": words.sentence(),
            "endpoint_id": "e1",
            "endpoint_name": "One",
            "base_url": "https://api.example",
            "model": chance.choices(MODELS, [50, 20, 20, 9, 1])[0],
            "demo": False,
            "content": f"> 进度 12%.. 48%.. 100%\n{' '.join(words.some(words.english, 25))}\nhttps://x.example/{number}.mp4",
            "reasoning": "",
            "progress": [],
            "links": [],
            "task_ids": [],
            "flags": [],
            "cancel_requested": False,
            "total_tokens": chance.randrange(20, 3_000),
            "created_at": at,
            "sent_at": at,
            "ended_at": at,
            "favourite": marked and chance.random() < 0.3,
            "rating": chance.randrange(1, 6) if marked else None,
            "notes": "",
        }


def build(database: Database, count: int) -> float | None:
    """Fill a database, or go on filling it; return how many seconds the index took, if all was done in one go."""
    chance = random.Random(count)
    words = Words(chance)
    begun = done = count_of(database)
    seconds, batch = 0.0, []
    for row in islice(rows(chance, words, count), done, None):
        batch.append(row)
        if len(batch) == BATCH or done + len(batch) == count:
            with database.transaction() as session:
                session.execute(insert(GenerationRow), batch)
                began = time.perf_counter()
                search_entries.refresh(session, range(done + 1, done + len(batch) + 1))
                seconds += time.perf_counter() - began
            done, batch = done + len(batch), []
    if begun == count:
        return None
    with database.transaction() as session:
        owners = [{"owner": owner, "model": model} for owner in ("local", "ann") for model in MODELS]
        session.execute(insert(UsedModelRow), owners)
        session.execute(text("ANALYZE"))
    return None if begun else seconds


def count_of(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT max(seq) FROM generations")) or 0)
