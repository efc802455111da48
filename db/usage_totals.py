"""The kept usage totals as a whole: made, counted anew from the rows, compared, and joined."""

from __future__ import annotations

from string import Template
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.usage_facts import DAY, GENERATIONS, HOUR, KEY, PAST, SUMS, Kind, epoch
from db.usage_triggers import statements

_PLACE: Final = "line, grain, slot"
_LINES: Final = Template(
    "INSERT INTO usage_lines (collection_seq, $key) SELECT DISTINCT $collection, $said FROM $rows WHERE $counted"
    " ON CONFLICT DO NOTHING"
)
_HOURS: Final = Template(
    "INSERT INTO usage_totals (line, grain, slot, part, $sums)"
    " SELECT l.seq, $hour, $epoch / $hour, 0, $amounts FROM $rows"
    " JOIN usage_lines l ON l.collection_seq = $collection AND $same WHERE $counted GROUP BY l.seq, $epoch / $hour"
)
_DAYS: Final = Template(
    "INSERT INTO usage_totals (line, grain, slot, part, $sums)"
    " SELECT line, $day, slot / ($day / $hour), 0, $added FROM usage_totals WHERE grain = $hour"
    " GROUP BY line, slot / ($day / $hour)"
)
_BEFORE: Final = Template(
    "CREATE TEMPORARY TABLE usage_before AS SELECT line, grain, slot, $added FROM usage_totals GROUP BY $place"
)
_DIFFERENT: Final = Template(
    "SELECT count(*) FROM (SELECT $place FROM ("
    "SELECT $place, $sums FROM usage_before UNION ALL SELECT $place, $negative FROM usage_totals) AS both_of"
    " GROUP BY $place HAVING $any) AS found"
)
_FOLD: Final = Template(
    "WITH many AS (SELECT $place FROM usage_totals GROUP BY $place HAVING count(*) > 1),"
    " held AS (SELECT t.ctid AS at FROM usage_totals t JOIN many USING ($place) FOR UPDATE OF t SKIP LOCKED),"
    " gone AS (DELETE FROM usage_totals t USING held WHERE t.ctid = held.at RETURNING t.*)"
    " INSERT INTO usage_totals (line, grain, slot, part, $sums)"
    " SELECT $place, 0, $added FROM gone GROUP BY $place ORDER BY $place"
    " ON CONFLICT (line, grain, slot, part) DO UPDATE SET $more"
)


def is_due(session: Session) -> bool:
    """Tell whether nothing is counted although there is something to count: a migration left it so."""
    if session.execute(text("SELECT 1 FROM usage_totals LIMIT 1")).first() is not None:
        return False
    there = " UNION ALL ".join(
        f"SELECT 1 FROM {kind.table} r WHERE {kind.is_counted('r')}"  # noqa: S608  # nosec B608 - words of our own
        for kind in (GENERATIONS, PAST)
    )
    return session.execute(text(f"{there} LIMIT 1")).first() is not None


def install(connection: Connection) -> None:
    """Make the triggers as they are today."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def recount(session: Session) -> int:
    """Count all rows anew; return how many of the kept hours and days were not what they should be.

    Nobody writes meanwhile. A million rows take some seconds (docs/benchmarks.md).
    """
    _alone(session)
    session.execute(text(_BEFORE.substitute(_WORDS)))
    session.execute(text("DELETE FROM usage_totals"))
    for kind, collected in ((GENERATIONS, False), (GENERATIONS, True), (PAST, False)):
        for template in (_LINES, _HOURS):
            session.execute(text(template.substitute(_words(kind, session, collected=collected))))
    session.execute(text(_DAYS.substitute(_WORDS)))
    different = session.scalar(text(_DIFFERENT.substitute(_WORDS))) or 0
    session.execute(text("DROP TABLE usage_before"))
    return int(different)


def fold(session: Session) -> None:
    """Join what connections of Postgres counted each by itself, waiting for nobody; SQLite has nothing to join."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(_FOLD.substitute(_WORDS)))


_WORDS: Final = {
    "place": _PLACE,
    "sums": ", ".join(SUMS),
    "negative": ", ".join(f"-{name} AS {name}" for name in SUMS),
    "added": ", ".join(f"SUM({name}) AS {name}" for name in SUMS),
    "more": ", ".join(f"{name} = usage_totals.{name} + excluded.{name}" for name in SUMS),
    "any": " OR ".join(f"SUM({name}) <> 0" for name in SUMS),
    "hour": str(HOUR),
    "day": str(DAY),
}


def _words(kind: Kind, session: Session, *, collected: bool) -> dict[str, str]:
    """Return the words of a table's rows, each by itself or once for every collection it is in."""
    joined = f"{kind.table} r JOIN generation_collections m ON m.generation_seq = r.seq"
    return _WORDS | {
        "key": ", ".join(KEY),
        "collection": "m.collection_seq" if collected else "0",
        "rows": joined if collected else f"{kind.table} r",
        "counted": kind.is_counted("r"),
        "epoch": epoch("r", session.get_bind().dialect.name),
        "said": ", ".join(kind.of(name, "r") for name in KEY),
        "amounts": ", ".join(f"SUM({kind.of(name, 'r')})" for name in SUMS),
        "same": " AND ".join(f"l.{name} = {kind.of(name, 'r')}" for name in KEY),
    }


def _alone(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":  # there whoever writes has the database for himself
        counted = "generations, past_usage, videos, generation_collections"
        session.execute(text(f"LOCK TABLE {counted} IN SHARE ROW EXCLUSIVE MODE"))
