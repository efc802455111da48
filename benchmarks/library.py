"""The library at 10,000, 100,000 or 1,000,000 rows: first page, deep page, searches, marks; the LIKE form beside them.

    python -m benchmarks.library [ROWS …] [--postgres | --url URL] [--folder FOLDER]

With two sizes a last table tells how the processor's time grows from the one to the other, and what was shown for it.

Half of the prompts are English, a third Chinese, the rest Japanese, with answers as relays send them. The rows are
written in bulk; what is indexed of them, and every look at them, is the product's own.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import text

from benchmarks import ground
from benchmarks.library_rows import Words, build, count_of
from db.database import Database
from services.library.browsing import Library, Look, Order, Shelf, View
from services.library.marks import Marks

ROUNDS, LIKE_ROUNDS = 60, 5
PAGE_GOAL_MS, SEARCH_GOAL_MS, MARK_GOAL_MS = 30.0, 50.0, 20.0


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
    deep = library.look(View(), after=f"0.{max(60, count_of(database) // 2)}")
    assert deep.cards
    pages = {"first page": (View(), ""), "deep page": (View(), f"0.{max(60, count_of(database) // 2)}")}
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
