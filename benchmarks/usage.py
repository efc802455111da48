"""The figures of the Usage page over a million rows, what keeping them costs an ending, and what counting anew takes.

    python -m benchmarks.usage [ROWS …] [--folder FOLDER]

The rows are those of `benchmarks.library` (the same file is used again); a tenth is priced, some are failed, in the
trash, or in a collection, as a person would have them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import text

from benchmarks import ground, library, library_rows
from db import generations, usage_totals, usage_triggers
from db.database import Database
from db.records import Ending
from db.states import State
from services.usage.figures import counts, figures, grouped
from services.usage.reading import TOLD_BY, Reach, Span, Usage, UsageSum
from services.usage.sheet import sheet

ROUNDS, GOAL_MS, ENDINGS = 40, 100.0, 400
NOW = library_rows.NOW
ZONES = {"UTC": 0.0, "Shanghai": 8.0, "Kolkata": 5.5}
SPICE = (
    "UPDATE generations SET endpoint_id = 'e' || (seq % 3), endpoint_name = 'Relay ' || (seq % 3),"
    " cost_nano = 1000000 * (seq % 900), cost_currency = CASE seq % 3 WHEN 0 THEN 'USD' ELSE 'CNY' END,"
    " state = CASE WHEN seq % 37 = 0 THEN 'incomplete' WHEN seq % 41 = 0 THEN 'unknown' ELSE state END,"
    " trashed_at = CASE WHEN seq % 50 = 0 THEN created_at END WHERE seq % 4 <> 0 AND cost_nano IS NULL",
    "INSERT INTO collections (id, owner, name, folded, created_at)"
    " SELECT 'c' || seq, 'local', 'Set ' || seq, 'set ' || seq, created_at FROM generations WHERE seq <= 30"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO generation_collections (generation_seq, collection_seq) SELECT g.seq, c.seq FROM generations g"
    " JOIN collections c ON c.id = 'c' || (1 + g.seq % 30) WHERE g.owner = 'local' AND g.seq % 10 = 0"
    " ON CONFLICT DO NOTHING",
)


def spice(database: Database) -> None:
    """Make the rows as various as a person's, once, and count them."""
    with database.transaction() as session:
        if session.scalar(text("SELECT count(*) FROM collections WHERE id LIKE 'c_%'")):
            return
        for one in usage_triggers.triggers("sqlite"):
            session.execute(text(f"DROP TRIGGER {one.name}"))
        for statement in SPICE:
            session.execute(text(statement))
        usage_totals.install(session.connection())
        usage_totals.recount(session)


def page(usage: Usage, of: Span, daily: Sequence[UsageSum] = ()) -> None:
    """Ask and add up all that the page shows at first; told day by day the chart is made of the same sums."""
    used = [one for one in usage.sums(of.whole) if counts(one) and not one.line.demo]
    figures(used)
    if not daily:
        names = {one.line: one.line.certainty for one in used if one.line.currency == "CNY"}
        usage.course(of, names, "cost_nano", by=TOLD_BY)
    grouped(used, lambda one: one.line.model)
    grouped(used, lambda one: one.line.shelf)
    usage.unfinished()


def by_day(usage: Usage, of: Span) -> None:
    """Ask and add up all that the page shows when it is told day by day."""
    daily = usage.daily(of)
    page(usage, of, daily)
    grouped((one for one in daily if counts(one) and not one.line.demo), lambda one: one.bucket)


def looks(table: ground.Table, usage: Usage) -> None:
    """Add the rows of the page, for readers in three zones."""
    for zone, hours in ZONES.items():
        now = NOW.astimezone(dt.timezone(dt.timedelta(hours=hours)))
        for reach in (Reach.MONTH, Reach.QUARTER, Reach.YEAR, Reach.ALL):
            of = usage.span(reach, now)
            act = partial(page, usage, of) if reach is not Reach.ALL else partial(_all, usage, now)
            _add(table, f"the page, {reach.name.lower()}, {zone}", library.timed(ROUNDS, act))
        for reach in (Reach.QUARTER, Reach.ALL):
            of = usage.span(reach, now)
            _add(table, f"day by day, {reach.name.lower()}, {zone}", library.timed(ROUNDS, partial(by_day, usage, of)))
    of = usage.span(Reach.QUARTER, NOW.astimezone(dt.timezone(dt.timedelta(hours=8))))
    more: tuple[tuple[str, Callable[[], object]], ...] = (
        ("by collection", lambda: usage.by_collection(of.whole)),
        ("by person", lambda: usage.sums(of.whole, everybody=True)),
    )
    for name, ask in more:
        _add(table, f"{name}, quarter, Shanghai", library.timed(ROUNDS, ask))
    _add(table, "the CSV, quarter, Shanghai", library.timed(5, lambda: sheet(of, usage.sums(of), {})), goal=False)


def _all(usage: Usage, now: dt.datetime) -> None:
    page(usage, usage.span(Reach.ALL, now))


def endings(database: Database) -> list[float]:
    """Return how many microseconds of processor time each ending took, all in one transaction that is given up."""
    with database.transaction() as session:
        ids = [
            generations.insert(
                session, id=f"u{number}", owner="local", nonce=f"u{number}", prompt="a boat", model="sora-2",
                endpoint_id="e1", endpoint_name="Relay 1", base_url="https://api.example", created_at=NOW,
            ).id
            for number in range(ENDINGS)
        ]  # fmt: skip
        for id in ids:
            generations.claim(session, id, "bench", NOW)
        session.flush()
        found = []
        for id in ids:
            began = time.process_time()
            generations.end(session, id, "bench", Ending(state=State.DONE, total_tokens=9, content="x"), NOW)
            found.append((time.process_time() - began) * 1e6)
        session.rollback()
    return found


def costs(table: ground.Table, database: Database) -> None:
    """Add what an ending takes with the triggers and without, and what counting all anew takes."""
    kept = endings(database)
    with database.transaction() as session:
        for one in usage_triggers.triggers("sqlite"):
            session.execute(text(f"DROP TRIGGER {one.name}"))
    bare = endings(database)
    with database.transaction() as session:
        usage_totals.install(session.connection())
        began = time.perf_counter()
        wrong = usage_totals.recount(session)
        seconds = time.perf_counter() - began
    for name, values in (("one ending, the totals kept", kept), ("one ending, without", bare)):
        middle, late = (f"{ground.quantile(values, part):.0f} us" for part in (0.5, 0.95))
        table.row(name, str(len(values)), middle, late, "")
    table.row(f"counted anew in {seconds:.1f} s, {wrong} were wrong", "", "", "", "")


def _add(table: ground.Table, name: str, values: list[tuple[float, float]], *, goal: bool = True) -> None:
    walls, works = zip(*values, strict=True)
    late = ground.quantile(walls, 0.95)
    shown = (ground.quantile(walls, 0.5), late, ground.quantile(works, 0.95))
    cells = (str(len(values)), *(f"{one:.1f}" for one in shown))
    if goal:
        table.row(name, *cells, goal=f"<= {GOAL_MS:.0f} ms", met=late <= GOAL_MS)
    else:
        table.row(name, *cells)


def measure(file: Path, count: int) -> None:
    """Fill the database unless it is filled, and print its table."""
    database = Database(f"sqlite:///{file}")
    try:
        began = time.perf_counter()
        database.upgrade()
        took = time.perf_counter() - began
        with database.reading() as session:
            empty = session.scalar(text("SELECT 1 FROM generations LIMIT 1")) is None
        if empty:
            library_rows.build(database, count)
        spice(database)
        table = ground.Table(f"Usage with {count:,} rows (sqlite)", "n", "p50 ms", "p95 ms", "processor p95 ms")
        if took > 1 and not empty:
            table.row(f"brought to today's schema in {took:.1f} s", "", "", "", "")
        looks(table, Usage("local", database))
        costs(table, database)
        table.row(_size(database), "", "", "", "")
        table.show()
    finally:
        database.close()


def _size(database: Database) -> str:
    statement = "SELECT count(*), (SELECT sum(pgsize) FROM dbstat WHERE name = 'usage_totals') FROM usage_totals"
    with database.reading() as session:
        count, size = session.execute(text(statement)).one()
    return f"kept totals: {count:,} rows, {size / 1e6:.0f} MB"


def main() -> None:
    """Print a table for each number of rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=lambda one: int(one.replace(",", "")), default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep the SQLite files here; one that is filled is used again")
    asked = parser.parse_args()
    for count in asked.rows:
        with tempfile.TemporaryDirectory() as scratch:
            measure((asked.folder or Path(scratch)) / f"library-{count}.db", count)


if __name__ == "__main__":
    main()
