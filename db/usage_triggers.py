"""The triggers that keep the usage totals: no code path can forget them, and no reading precedes an ending.

A row is taken out of the totals as it was and put in as it is. On Postgres each connection adds to rows of its own
(`part` is its process there, 0 on SQLite, which has one writer): two that end in the same moment never wait for each
other, in no order. `db.usage_totals.fold` joins the parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Template
from typing import Final

from db.usage_facts import DAY, GENERATIONS, HOUR, KEY, PAST, SUMS, Kind, epoch

_LINES: Final = Template(
    "INSERT INTO usage_lines (collection_seq, $key) SELECT c.seq, $values FROM $source ($collections) AS c"
    " WHERE $when ON CONFLICT DO NOTHING"
)
_TOTALS: Final = Template(
    "INSERT INTO usage_totals (line, grain, slot, part, $sums)"
    " SELECT l.seq, g.seconds, $epoch / g.seconds, $part, $values FROM $source ($collections) AS c"
    " JOIN usage_lines l ON l.collection_seq = c.seq AND $same"
    " CROSS JOIN (SELECT $hour AS seconds UNION ALL SELECT $day) AS g"
    " WHERE $when ON CONFLICT (line, grain, slot, part) DO UPDATE SET $added"
)
_ALL: Final = "SELECT 0 AS seq"
_AND_COLLECTIONS: Final = Template(
    "SELECT 0 AS seq UNION ALL SELECT m.collection_seq FROM generation_collections m WHERE m.generation_seq = $seq"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: when it fires and what it does."""

    name: str
    timing: str
    table: str
    when: str
    body: tuple[str, ...]


def triggers(dialect: str) -> tuple[Trigger, ...]:
    """Return all of them."""
    return (*_of_rows(GENERATIONS, dialect), *_of_rows(PAST, dialect), *_of_videos(dialect), *_of_collections(dialect))


def statements(dialect: str) -> Iterator[str]:
    """Yield what makes the triggers anew, whatever was there."""
    for one in triggers(dialect):
        if dialect == "sqlite":
            yield f"DROP TRIGGER IF EXISTS {one.name}"
            fires = f"{one.timing} ON {one.table} WHEN {one.when}"
            yield f"CREATE TRIGGER {one.name} {fires} BEGIN {'; '.join(one.body)}; END"
        else:
            result = "OLD" if "DELETE" in one.timing else "NEW"
            body = f"BEGIN {'; '.join(one.body)}; RETURN {result}; END".replace("'", "''")
            yield f"CREATE OR REPLACE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS '{body}'"
            yield f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}"
            yield (
                f"CREATE TRIGGER {one.name} {one.timing} ON {one.table} FOR EACH ROW WHEN ({one.when})"
                f" EXECUTE FUNCTION {one.name}()"
            )


def _of_rows(kind: Kind, dialect: str) -> Iterator[Trigger]:
    """Yield those of a counted table. What is deleted is taken out before what hangs on it goes.

    An ending, which was not counted before, pays for one of the two that look at updates.
    """
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in kind.watched)
    taken, put = _count(kind, "OLD", dialect, sign=-1), _count(kind, "NEW", dialect)
    name, updated = f"usage_{kind.table}", f"AFTER UPDATE OF {', '.join(kind.watched)}"
    yield Trigger(f"{name}_insert", "AFTER INSERT", kind.table, kind.is_counted("NEW"), put)
    yield Trigger(f"{name}_was", updated, kind.table, f"{kind.is_counted('OLD')} AND ({changed})", taken)
    yield Trigger(f"{name}_is", updated, kind.table, f"{kind.is_counted('NEW')} AND ({changed})", put)
    yield Trigger(f"{name}_delete", "BEFORE DELETE", kind.table, kind.is_counted("OLD"), taken)


def _of_videos(dialect: str) -> Iterator[Trigger]:
    """Yield those that count a video once it is kept; gone with its generation, it was counted there."""
    new, old = "NEW.state = 'kept'", "OLD.state = 'kept'"
    put = _video("NEW", dialect, sign=1)
    taken = _video("OLD", dialect, sign=-1)
    yield Trigger("usage_videos_insert", "AFTER INSERT", "videos", new, put)
    yield Trigger("usage_videos_kept", "AFTER UPDATE OF state", "videos", f"{new} AND NOT {old}", put)
    yield Trigger("usage_videos_lost", "AFTER UPDATE OF state", "videos", f"{old} AND NOT {new}", taken)
    yield Trigger("usage_videos_delete", "BEFORE DELETE", "videos", old, taken)


def _of_collections(dialect: str) -> Iterator[Trigger]:
    for row, event, sign in (("NEW", "AFTER INSERT", 1), ("OLD", "BEFORE DELETE", -1)):
        body = _add(
            GENERATIONS,
            "r",
            dialect,
            {name: _signed(GENERATIONS.of(name, "r"), sign) for name in SUMS},
            collections=f"SELECT {row}.collection_seq AS seq",
            source="generations r CROSS JOIN",
            when=f"r.seq = {row}.generation_seq AND {GENERATIONS.is_counted('r')}",
        )
        name = f"usage_collections_{event.split()[1].lower()}"
        yield Trigger(name, event, "generation_collections", "1 = 1", body)


def _count(kind: Kind, row: str, dialect: str, *, sign: int = 1) -> tuple[str, ...]:
    collections = _AND_COLLECTIONS.substitute(seq=f"{row}.seq") if kind.collected else _ALL
    sums = {name: _signed(kind.of(name, row), sign) for name in SUMS}
    return _add(kind, row, dialect, sums, collections=collections, when=kind.is_counted(row))


def _video(row: str, dialect: str, *, sign: int) -> tuple[str, ...]:
    owner = f"(SELECT o.seq FROM generations o WHERE o.id = {row}.generation_id)"  # noqa: S608  # nosec B608 - NEW or OLD
    return _add(
        GENERATIONS,
        "r",
        dialect,
        {name: str(sign) if name == "videos" else "0" for name in SUMS},
        collections=_AND_COLLECTIONS.substitute(seq=owner),
        source="generations r CROSS JOIN",
        when=f"r.id = {row}.generation_id AND {GENERATIONS.is_counted('r')}",
    )


def _add(  # noqa: PLR0913  # the parts of two statements
    kind: Kind, row: str, dialect: str, sums: dict[str, str], *, collections: str, when: str, source: str = ""
) -> tuple[str, str]:
    said = {name: kind.of(name, row) for name in KEY}
    shared = {"collections": collections, "when": when, "source": source}
    return (
        _LINES.substitute(shared, key=", ".join(KEY), values=", ".join(said.values())),
        _TOTALS.substitute(
            shared,
            sums=", ".join(SUMS),
            epoch=epoch(row, dialect),
            part="0" if dialect == "sqlite" else "pg_backend_pid()",
            values=", ".join(sums[name] for name in SUMS),
            same=" AND ".join(f"l.{name} = {words}" for name, words in said.items()),
            hour=HOUR,
            day=DAY,
            added=", ".join(f"{name} = usage_totals.{name} + excluded.{name}" for name in SUMS),
        ),
    )


def _signed(words: str, sign: int) -> str:
    return words if sign > 0 else f"-({words})"
