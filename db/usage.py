"""What was sent, what it took and what it cost: sums of what is kept by hour and day (db.usage_triggers).

What was deleted for ever still counts; what was brought in from elsewhere never did, nor what has not ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from operator import add
from string import Template
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.conditional import is_unfinished
from db.library_tables import CollectionRow
from db.tables import GenerationRow
from db.usage_cover import SECOND, Piece, cover
from db.usage_facts import GENERATIONS, HOUR, KEY, PAST, SUMS, Kind
from db.usage_tables import UsageLineRow

ALL, EACH = "= 0", "<> 0"
"""Which lines: those of all that an owner has, or those of each collection."""
TOLD: Final = ("generations", "total_told", "total_tokens", "cost_nano")
TOLD_BY: Final = ("demo", "sent", "certainty", "shelf", "currency")
MODEL_BY: Final = ("model", "demo", "sent", "certainty")
"""What a table of days tells, and what its lines hang on, or those of a chart of models."""

_KEPT: Final = Template(
    "WITH spans (bucket, grain, first_slot, after_slot) AS (VALUES $spans)"
    " SELECT s.bucket, t.line, $sums FROM spans s CROSS JOIN usage_lines l"
    " JOIN usage_totals t ON t.line = l.seq AND t.grain = s.grain AND t.slot >= s.first_slot AND t.slot < s.after_slot"
    " WHERE $mine AND l.collection_seq $which GROUP BY s.bucket, t.line ORDER BY s.bucket, t.line"
)
_TOGETHER: Final = Template(
    "WITH spans (bucket, grain, first_slot, after_slot) AS (VALUES $spans), wanted (line, place) AS (VALUES $wanted)"
    " SELECT s.bucket, w.place, $sums FROM spans s CROSS JOIN wanted w"
    " JOIN usage_totals t ON t.line = w.line AND t.grain = s.grain AND t.slot >= s.first_slot AND t.slot < s.after_slot"
    " GROUP BY s.bucket, w.place"
)
_ROWS: Final = Template(
    # Grouped apart: where it groups by these itself, SQLite walks through every row of the owner.
    "WITH spans (bucket, begins, ends) AS (VALUES $spans), told (bucket, $names) AS MATERIALIZED ("
    "SELECT s.bucket, $values FROM spans s"
    " CROSS JOIN $table r $joined WHERE r.owner = :owner AND r.created_at >= s.begins AND r.created_at < s.ends"
    " AND $counted) SELECT bucket, $grouped FROM told GROUP BY bucket, $keys"
)

_LINES: Final = Template("SELECT l.seq, $columns FROM usage_lines l WHERE $mine AND l.collection_seq $which")
_FIRST: Final = Template(
    "SELECT min((SELECT min(t.slot) FROM usage_totals t WHERE t.line = l.seq AND t.grain = $hour))"
    " FROM usage_lines l WHERE l.collection_seq = 0 AND $mine"
)


class UsageLine(NamedTuple):
    """What is counted together. `collection_seq` 0: all of an owner; `certainty`: none, sure, maybe, not_charged;
    `shelf`: kept, trash, gone; `currency` "" where the cost is unknown or there is none; `sent`: a POST was made.
    """

    owner: str
    collection_seq: int
    endpoint_id: str
    endpoint_name: str
    model: str
    demo: bool
    sent: bool
    state: str
    certainty: str
    shelf: str
    currency: str


class UsageSum(NamedTuple):
    """The sums of a line in one bucket. `…_told`: of how many generations the number is known; `cost_nano` in
    billionths; `videos` that are kept, `keepers` that are a favourite or have four stars. A tuple: there are thousands.
    """

    bucket: int
    line: UsageLine
    generations: int
    prompt_told: int
    completion_told: int
    total_told: int
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cost_nano: int
    videos: int
    keepers: int


Key = TypeVar("Key", bound=Hashable)
Found: TypeAlias = Iterable[tuple[int, UsageLine, tuple[int, ...]]]


def sums(session: Session, owner: str | None, edges: Sequence[dt.datetime], *, which: str = ALL) -> list[UsageSum]:
    """Return the sums between each two neighbours of `edges`, exactly those of the rows made there.

    Bucket by bucket, in each the lines in the order in which they came into being.

    Args:
        session: any.
        owner: whose; None: everybody's.
        edges: aware moments in order; bucket 0 begins at the first.
        which: `ALL` or `EACH`.
    """
    pieces, lines = _pieces(edges), _lines(session, owner, which)
    found = _kept(session, owner, pieces, which, lines)
    if rows := list(_row_by_row(session, owner, pieces, which)):
        numbers = {line: seq for seq, line in lines.items()}
        found = sorted(_merged(found, rows), key=lambda one: (one[0], numbers[one[1]]))
    return [UsageSum(bucket, line, *amounts) for bucket, line, amounts in found if any(amounts)]


def _merged(kept: Found, rows: Found) -> Found:
    """Add to the kept sums of a line those of its single rows."""
    added = {(bucket, line): amounts for bucket, line, amounts in kept}
    for bucket, line, amounts in rows:
        have = added.get((bucket, line))
        added[bucket, line] = tuple(map(add, have, amounts)) if have else amounts
    return ((bucket, line, amounts) for (bucket, line), amounts in added.items())


def course(
    session: Session,
    owner: str,
    edges: Sequence[dt.datetime],
    names: Mapping[UsageLine, str],
    of: str,
    by: Sequence[str] = KEY,
) -> dict[str, list[int]]:
    """Return how one sum went: bucket by bucket, the lines of one name added up. What has no name is left out.

    A chart needs no more, and it is had in a third of the time of all sums of all lines.

    Args:
        session: any.
        owner: whose.
        edges: as for `sums`.
        names: which lines of this owner, and what each is a part of.
        of: the sum, a name out of `SUMS`.
        by: what of a line its name hangs on; the fewer, the sooner it is had.
    """
    went = {name: [0] * (len(edges) - 1) for name in names.values()}
    for bucket, name, (amount,) in _together(session, owner, _pieces(edges), names, (of,), by):
        went[name][bucket] += amount
    return went


def told(session: Session, owner: str, edges: Sequence[dt.datetime]) -> list[UsageSum]:
    """Return what a table of days tells: of the sums `TOLD` alone, of the lines `TOLD_BY`; the rest is 0 and "".

    Added up in the database: a quarter of 65 lines a day is 5,851 sums otherwise, and 825 so. What the single hours
    add may stand beside what is kept of the same line.
    """
    lines = {line: _narrow(line, TOLD_BY) for line in _lines(session, owner, ALL).values()}
    nothing = dict.fromkeys(SUMS, 0)
    return [
        UsageSum(bucket, line, **nothing | dict(zip(TOLD, sums, strict=True)))
        for bucket, line, sums in _together(session, owner, _pieces(edges), lines, TOLD, TOLD_BY)
        if any(sums)
    ]


def _together(
    session: Session,
    owner: str,
    pieces: Sequence[Piece],
    names: Mapping[UsageLine, Key],
    of: Sequence[str],
    by: Sequence[str],
) -> Iterator[tuple[int, Key, tuple[int, ...]]]:
    """Yield bucket, name and sums, the kept lines of one name added up; lines without a name are left out."""
    order = list(dict.fromkeys(names.values()))
    places = {name: place for place, name in enumerate(order)}
    lines = _lines(session, owner, ALL).items()
    wanted = ",".join(f"({seq},{places[names[line]]})" for seq, line in lines if line in names)
    if wanted and (spans := _spans(pieces)):
        statement = _TOGETHER.substitute(spans=spans, wanted=wanted, sums=", ".join(f"SUM(t.{name})" for name in of))
        for bucket, place, *kept in session.execute(text(statement)):
            yield bucket, order[place], tuple(map(int, kept))
    narrow = {_narrow(line, by): name for line, name in names.items()}
    for bucket, line, sums in _row_by_row(session, owner, pieces, ALL, of, by):
        if line in narrow:
            yield bucket, narrow[line], sums


def _narrow(line: UsageLine, by: Sequence[str]) -> UsageLine:
    return UsageLine._make(getattr(line, name) if name in (*_WHOSE, *by) else "" for name in _LINE)


def first_at(session: Session, owner: str | None) -> dt.datetime | None:
    """Return the first hour of which there are sums."""
    slot = session.scalar(text(_FIRST.substitute(mine=_mine(owner), hour=HOUR)), _whose(owner))
    return None if slot is None else dt.datetime.fromtimestamp(slot * HOUR, dt.UTC)


def unfinished(session: Session, owner: str | None) -> int:
    """Return how many have not ended yet: they are in no sum."""
    mine = () if owner is None else (GenerationRow.owner == owner,)
    return session.scalar(select(func.count()).select_from(GenerationRow).where(is_unfinished(), *mine)) or 0


def collection_names(session: Session, owner: str | None) -> dict[int, str]:
    """Return the names of collections by their seq."""
    mine = () if owner is None else (CollectionRow.owner == owner,)
    found = session.execute(select(CollectionRow.seq, CollectionRow.name).where(*mine))
    return {row.seq: row.name for row in found}


_WHOSE: Final = ("owner", "collection_seq")
_LINE: Final = (*_WHOSE, *KEY[1:])


def _pieces(edges: Sequence[dt.datetime]) -> list[Piece]:
    return cover([int(edge.timestamp()) for edge in edges])


def _spans(pieces: Iterable[Piece]) -> str:
    """Return what the kept totals cover of them, as SQL's values; "" if nothing."""
    kept = (one for one in pieces if one.grain != SECOND)
    return ",".join(f"({one.bucket},{one.grain},{one.first},{one.after})" for one in kept)


def _kept(
    session: Session, owner: str | None, pieces: Iterable[Piece], which: str, lines: Mapping[int, UsageLine]
) -> Found:
    if not (spans := _spans(pieces)):
        return
    added = ", ".join(f"SUM(t.{name})" for name in SUMS)
    statement = _KEPT.substitute(spans=spans, sums=added, mine=_mine(owner), which=which)
    for bucket, line, *amounts in session.execute(text(statement), _whose(owner)):
        yield bucket, lines[line], tuple(map(int, amounts))


def _row_by_row(
    session: Session,
    owner: str | None,
    pieces: Iterable[Piece],
    which: str,
    of: Sequence[str] = SUMS,
    by: Sequence[str] = KEY,
) -> Found:
    """Yield the rows that no kept hour covers, owner by owner: told of many, SQLite would read every row of each."""
    cut = [one for one in pieces if one.grain == SECOND]
    kinds = ((GENERATIONS, which == EACH), *(((PAST, False),) if which == ALL else ()))
    for one, (kind, collected) in product(_owners(session, owner) if cut else (), kinds):
        statement = _counting(session, cut, kind, of, by, collected=collected)
        for bucket, *rest in session.execute(text(statement), {"owner": one}):
            yield bucket, UsageLine._make(rest[: len(_LINE)]), tuple(map(int, rest[len(_LINE) :]))


def _owners(session: Session, owner: str | None) -> Sequence[str]:
    return [owner] if owner is not None else session.scalars(select(UsageLineRow.owner).distinct()).all()


def _counting(
    session: Session, cut: Iterable[Piece], kind: Kind, of: Iterable[str], by: Sequence[str], *, collected: bool
) -> str:
    sqlite = session.get_bind().dialect.name == "sqlite"
    said = {"collection_seq": "m.collection_seq" if collected else "0"}
    said |= {name: kind.of(name, "r") if name in (*_WHOSE, *by) else "''" for name in KEY}
    return _ROWS.substitute(
        spans=",".join(f"({one.bucket},{_moment(one.first, sqlite)},{_moment(one.after, sqlite)})" for one in cut),
        names=", ".join((*_LINE, *of)),
        values=", ".join((*(said[name] for name in _LINE), *(kind.of(name, "r") for name in of))),
        keys=", ".join(_LINE),
        grouped=", ".join((*_LINE, *(f"SUM({name})" for name in of))),
        table=kind.table,
        joined="JOIN generation_collections m ON m.generation_seq = r.seq" if collected else "",
        counted=kind.is_counted("r"),
    )


def _moment(second: int, sqlite: bool) -> str:
    """Return a moment as the database writes its times."""
    at = dt.datetime.fromtimestamp(second, dt.UTC)
    return f"'{at:%Y-%m-%d %H:%M:%S.%f}'" if sqlite else f"TIMESTAMPTZ '{at.isoformat()}'"


def _lines(session: Session, owner: str | None, which: str) -> dict[int, UsageLine]:
    columns = ", ".join(f"l.{name}" for name in _LINE)
    statement = _LINES.substitute(columns=columns, mine=_mine(owner), which=which)
    return {seq: UsageLine._make(said) for seq, *said in session.execute(text(statement), _whose(owner))}


def _mine(owner: str | None) -> str:
    return "1 = 1" if owner is None else "l.owner = :owner"


def _whose(owner: str | None) -> dict[str, Any]:
    return {} if owner is None else {"owner": owner}
