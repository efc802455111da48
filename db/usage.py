"""What was sent, what it took and what it cost: sums of what is kept by hour and day (db.usage_triggers).

What was deleted for ever still counts; what was brought in from elsewhere never did, nor what has not ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from string import Template
from typing import Any, Final, NamedTuple, TypeAlias

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

_KEPT: Final = Template(
    "WITH spans (bucket, grain, first_slot, after_slot) AS (VALUES $spans)"
    " SELECT s.bucket, t.line, $sums FROM spans s CROSS JOIN usage_lines l"
    " JOIN usage_totals t ON t.line = l.seq AND t.grain = s.grain AND t.slot >= s.first_slot AND t.slot < s.after_slot"
    " WHERE $mine AND l.collection_seq $which GROUP BY s.bucket, t.line"
)
_ROWS: Final = Template(
    "WITH spans (bucket, begins, ends) AS (VALUES $spans)"
    " SELECT s.bucket, $collection AS collection_seq, $keys, $amounts FROM spans s"
    " CROSS JOIN $table r $joined WHERE r.owner = :owner AND r.created_at >= s.begins AND r.created_at < s.ends"
    " AND $counted"
)

_FIRST: Final = Template(
    "SELECT min((SELECT min(t.slot) FROM usage_totals t WHERE t.line = l.seq AND t.grain = $hour))"
    " FROM usage_lines l WHERE l.collection_seq = 0 AND $mine"
)


@dataclass(frozen=True, slots=True)
class UsageLine:
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


Found: TypeAlias = Iterable[tuple[int, UsageLine, Sequence[int]]]


def sums(session: Session, owner: str | None, edges: Sequence[dt.datetime], *, which: str = ALL) -> list[UsageSum]:
    """Return the sums between each two neighbours of `edges`, exactly those of the rows made there.

    Args:
        session: any.
        owner: whose; None: everybody's.
        edges: aware moments in order; bucket 0 begins at the first.
        which: `ALL` or `EACH`.
    """
    pieces = cover([int(edge.timestamp()) for edge in edges])
    kept = _kept(session, owner, pieces, which)
    rows = list(_row_by_row(session, owner, pieces, which))
    found = _merged(kept, rows) if rows else kept
    return [UsageSum(bucket, line, *amounts) for bucket, line, amounts in found if any(amounts)]


def _merged(kept: Found, rows: Found) -> Found:
    """Add to the kept sums of a line those of its single rows."""
    added: dict[tuple[int, UsageLine], list[int]] = {}
    for bucket, line, amounts in (*kept, *rows):
        have = added.setdefault((bucket, line), [0] * len(SUMS))
        for place, amount in enumerate(amounts):
            have[place] += amount
    return ((bucket, line, amounts) for (bucket, line), amounts in added.items())


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


_LINE: Final = ("owner", "collection_seq", *KEY[1:])


def _kept(session: Session, owner: str | None, pieces: Iterable[Piece], which: str) -> Found:
    spans = [f"({one.bucket},{one.grain},{one.first},{one.after})" for one in pieces if one.grain != SECOND]
    if not spans:
        return
    statement = _KEPT.substitute(
        spans=",".join(spans), sums=", ".join(f"SUM(t.{name})" for name in SUMS), mine=_mine(owner), which=which
    )
    lines = _lines(session, owner)
    for bucket, line, *amounts in session.execute(text(statement), _whose(owner)):
        yield bucket, lines[line], tuple(map(int, amounts))


def _row_by_row(session: Session, owner: str | None, pieces: Iterable[Piece], which: str) -> Found:
    """Yield the rows that no kept hour covers, owner by owner: told of many, SQLite would read every row of each."""
    cut = [one for one in pieces if one.grain == SECOND]
    kinds = ((GENERATIONS, which == EACH), *(((PAST, False),) if which == ALL else ()))
    for one, (kind, collected) in product(_owners(session, owner) if cut else (), kinds):
        for bucket, collection, *rest in session.execute(
            text(_counting(session, cut, kind, collected=collected)), {"owner": one}
        ):
            said = dict(zip(KEY, rest, strict=False)) | {"collection_seq": collection}
            said |= {name: bool(said[name]) for name in ("demo", "sent")}
            yield bucket, UsageLine(*(said[name] for name in _LINE)), [int(amount) for amount in rest[len(KEY) :]]


def _owners(session: Session, owner: str | None) -> Sequence[str]:
    return [owner] if owner is not None else session.scalars(select(UsageLineRow.owner).distinct()).all()


def _counting(session: Session, cut: Iterable[Piece], kind: Kind, *, collected: bool) -> str:
    sqlite = session.get_bind().dialect.name == "sqlite"
    collection = "m.collection_seq" if collected else "0"
    return _ROWS.substitute(
        spans=",".join(f"({one.bucket},{_moment(one.first, sqlite)},{_moment(one.after, sqlite)})" for one in cut),
        collection=collection,
        keys=", ".join(kind.of(name, "r") for name in KEY),
        amounts=", ".join(kind.of(name, "r") for name in SUMS),
        table=kind.table,
        joined="JOIN generation_collections m ON m.generation_seq = r.seq" if collected else "",
        counted=kind.is_counted("r"),
    )


def _moment(second: int, sqlite: bool) -> str:
    """Return a moment as the database writes its times."""
    at = dt.datetime.fromtimestamp(second, dt.UTC)
    return f"'{at:%Y-%m-%d %H:%M:%S.%f}'" if sqlite else f"TIMESTAMPTZ '{at.isoformat()}'"


def _lines(session: Session, owner: str | None) -> dict[int, UsageLine]:
    mine = () if owner is None else (UsageLineRow.owner == owner,)
    columns = [getattr(UsageLineRow, name) for name in _LINE]
    return {seq: UsageLine(*said) for seq, *said in session.execute(select(UsageLineRow.seq, *columns).where(*mine))}


def _mine(owner: str | None) -> str:
    return "1 = 1" if owner is None else "l.owner = :owner"


def _whose(owner: str | None) -> dict[str, Any]:
    return {} if owner is None else {"owner": owner}
