"""The library at 10,000, 100,000 or 1,000,000 rows: first page, deep page, searches, marks; the LIKE form beside them.

    python -m benchmarks.library [ROWS …] [--postgres | --url URL] [--folder FOLDER]

With two sizes a last table tells how the processor's time grows from the one to the other, and what was shown for it.

Half of the prompts are English, a third Chinese, the rest Japanese, with answers as relays send them. The rows are
written in bulk; what is indexed of them, and every look at them, is the product's own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

from sqlalchemy import insert, text

from benchmarks import ground
from db import search_entries
from db.database import Database
from db.library_tables import UsedModelRow
from db.tables import GenerationRow
from services.library.browsing import Library, Look, Order, Shelf, View
from services.library.marks import Marks

ROUNDS, LIKE_ROUNDS, BATCH = 60, 5, 2_000
PAGE_GOAL_MS, SEARCH_GOAL_MS, MARK_GOAL_MS = 30.0, 50.0, 20.0
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
    begun = done = _count(database)
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


def timed(rounds: int, act: Callable[[], object]) -> list[tuple[float, float]]:
    """Return how many milliseconds each round took, and how many of them this process worked."""
    found = []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        act()
        found.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
    return found


def searches(words: Words) -> dict[str, View]:
    """Return what is asked, by what it stands for."""
    rare, common = words.english[7_000], "".join(words.chinese[:2])
    return {
        "word, common": View(text="camera"),
        "word, rare": View(text=rare),
        "word, none": View(text="zzzyx"),
        "Chinese, 2 characters, common": View(text=common),
        "Chinese, 2 characters, rare": View(text=words.chinese[700] + words.chinese[900]),
        "Chinese, 4 characters": View(text=words.chinese[0] + words.chinese[3] + words.chinese[1] + words.chinese[2]),
        "letter, 1": View(text="b"),
        "letters, 2": View(text="ca"),
        "letters, 2, never there": View(text="zz"),
        "number, by 2 of its digits": View(text="12"),
        "Chinese, 1 character": View(text=words.chinese[500]),
        "phrase": View(text='"slow camera"'),
        "phrase of 3 of the commonest words": View(text='"the slow camera"'),
        "phrase of common words, never there": View(text='"camera the slow a boat"'),
        "prompt first": View(text="boat", order=Order.PROMPT),
        "oldest first": View(text="boat", order=Order.OLDEST),
        "word, model, rating": View(text="boat model:sora-2 rating:>=4"),
        "rare model, failed": View(text="model:jimeng-3 state:failed"),
        "favourites": View(shelf=Shelf.FAVOURITES),
        "best rated": View(order=Order.RATING),
        "word, a month two years ago": View(text="camera after:2024-12 before:2025-01"),
        "figure, bounded look": View(text="camera tokens:>2990"),
        "two common filters, never together": View(text="state:failed state:video"),
        "rare filters, never together": View(text="model:jimeng-3 rating:5 is:demo"),
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What a search showed, and the processor's milliseconds of its quickest round: neighbours disturb that least."""

    worked_ms: float
    shown: str


def looks(table: ground.Table, database: Database, words: Words) -> dict[str, Told]:
    """Add the rows of the looks."""
    told: dict[str, Told] = {}
    library = Library("local", database)
    deep = library.look(View(), after=f"0.{max(60, _count(database) // 2)}")
    assert deep.cards
    pages = {"first page": (View(), ""), "deep page": (View(), f"0.{max(60, _count(database) // 2)}")}
    for name, (view, after) in pages.items():
        worked = _add(table, name, timed(ROUNDS, partial(library.look, view, after=after)), PAGE_GOAL_MS)
        told[name] = Told(worked, _shown(library.look(view, after=after)))
    for name, view in searches(words).items():
        worked = _add(table, name, timed(ROUNDS, partial(library.look, view)), SEARCH_GOAL_MS)
        told[name] = Told(worked, _shown(library.look(view)))
    nobody = Library("nobody", database)
    _add(table, "common word, a person with no rows", timed(ROUNDS, lambda: nobody.look(View(text="camera"))), 50.0)
    marks = Marks("local", database)
    first = library.look(View()).cards[0].id
    stars = iter(range(ROUNDS))
    _add(table, "one mark", timed(ROUNDS, lambda: marks.rate(first, 1 + next(stars) % 5)), MARK_GOAL_MS)
    return told


def _shown(look: Look) -> str:
    of = "" if look.count is None else f" of {look.count:,}{'+' if look.more_than_count else ''}"
    return f"{len(look.cards)}{of}{', further' if look.given_up else ''}"


def floor(table: ground.Table, database: Database, words: Words) -> None:
    """Add the rows of the same searches by LIKE."""
    statement = text(
        "SELECT seq FROM generations WHERE owner = 'local' AND trashed_at IS NULL"
        " AND (prompt LIKE :part OR content LIKE :part) ORDER BY seq DESC LIMIT 49"
    )

    def like(part: str) -> None:
        with database.reading() as session:
            session.execute(statement, {"part": f"%{part}%"}).all()

    for name, part in {
        "LIKE: word, common": "camera",
        "LIKE: word, rare": words.english[7_000],
        "LIKE: word, none": "zzzyx",
        "LIKE: Chinese, 2 characters, rare": words.chinese[700] + words.chinese[900],
    }.items():
        _add(table, name, timed(LIKE_ROUNDS, partial(like, part)), None)


def _add(table: ground.Table, name: str, values: list[tuple[float, float]], goal_ms: float | None) -> float:
    took, worked = zip(*values, strict=True)
    p50, p95 = ground.quantile(took, 0.5), ground.quantile(took, 0.95)
    cells = [str(len(values)), f"{p50:.2f}", f"{p95:.2f}", f"{ground.quantile(worked, 0.5):.2f}"]
    if goal_ms is None:
        table.row(name, *cells)
    else:
        table.row(name, *cells, goal=f"<= {goal_ms:.0f} ms", met=p95 <= goal_ms)
    return float(min(worked))


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT max(seq) FROM generations")) or 0)


def sizes(database: Database) -> tuple[float, float]:
    """Return the megabytes of the generations with what their text takes, and of all that searching adds."""
    if database.dialect == "sqlite":
        statement = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
    else:
        statement = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
    with database.reading() as session:
        of = {name: int(size) / 1e6 for name, size in session.execute(text(statement))}
    added = sum(size for name, size in of.items() if name.startswith(("generation_search", "search_entries")))
    return of["generations"], added


def measure(database: Database, count: int) -> dict[str, Told]:
    """Fill the database unless it is filled, and print its table; return what the looks took."""
    database.upgrade()
    seconds = build(database, count)
    words = Words(random.Random(count))
    rows_mb, index_mb = sizes(database)
    table = ground.Table(
        f"The library with {count:,} rows ({database.dialect})", "n", "p50 ms", "p95 ms", "processor p50 ms"
    )
    told = looks(table, database, words)
    floor(table, database, words)
    fits = index_mb <= rows_mb
    table.row(f"index {index_mb:.0f} MB, rows {rows_mb:.0f} MB", "", "", "", "", goal="<= 1 x the rows", met=fits)
    if seconds is not None:
        table.row(f"indexing took {seconds:.0f} s, {seconds / count * 1e6:.0f} us a row", "", "", "", "")
    table.show()
    return told


def growth(few: int, many: int, of_few: dict[str, Told], of_many: dict[str, Told]) -> None:
    """Print how the processor's time grows with the rows; a search that finds more shows and counts more."""
    table = ground.Table(f"From {few:,} to {many:,} rows", "ms", "shown", "ms then", "shown then", "times")
    for name, then in of_many.items():
        now = of_few[name]
        times = then.worked_ms / now.worked_ms
        cells = (f"{now.worked_ms:.1f}", now.shown, f"{then.worked_ms:.1f}", then.shown, f"{times:.1f}")
        table.row(name, *cells, goal="<= 2", met=times <= 2)
    table.show()


@contextmanager
def store(folder: Path, count: int, *, postgres: bool, url: str | None) -> Iterator[Database]:
    """Yield a database of its own: a file in the folder, one of a Postgres started for it, or one there is."""
    with ExitStack() as stack:
        if url:
            pass
        elif postgres:
            from tests.postgres import PostgresServer, find_programs

            programs = find_programs()
            assert programs is not None, "no Postgres on this machine"
            server = PostgresServer(programs)
            server.start()
            stack.callback(server.stop)
            server.execute("CREATE DATABASE library")
            url = server.url("library")
        else:
            url = f"sqlite:///{folder / f'library-{count}.db'}"
        database = Database(url)
        stack.callback(database.close)
        yield database


def main() -> None:
    """Print a table for each number of rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=lambda one: int(one.replace(",", "")), default=[10_000, 100_000])
    parser.add_argument("--postgres", action="store_true", help="in a Postgres started for it")
    parser.add_argument("--url", help="in this database; one that is filled is used again, half filled is filled")
    parser.add_argument("--folder", type=Path, help="keep the SQLite files here; one that is filled is used again")
    asked = parser.parse_args()
    told: dict[int, dict[str, Told]] = {}
    for count in asked.rows:
        with (
            tempfile.TemporaryDirectory() as scratch,
            store(asked.folder or Path(scratch), count, postgres=asked.postgres, url=asked.url) as database,
        ):
            told[count] = measure(database, count)
    few, many = min(told), max(told)
    if few < many:
        growth(few, many, told[few], told[many])


if __name__ == "__main__":
    main()
