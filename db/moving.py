"""Every row of one store brought into another, and the proof that it arrived: counts and digests of both sides.

Values go over as they are: JSON as the text that is stored (its spaces, `null` beside NULL), floats and bytes exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import JSON, Column, Connection, MetaData, Row, Table, func, insert, inspect, select, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import Text, UserDefinedType

from db import (  # noqa: F401  # each names its tables in the same metadata
    budget_tables,
    composer_tables,
    library_tables,
    money_tables,
    night_tables,
    people_tables,
    prompt_keys,
    relay_tables,
    tables,
    usage_tables,
)
from db.base import Base
from db.schema import UPGRADE_LOCK, NewerSchemaError, at_head, current_revision, known_revisions, migrate
from db.search import search
from db.search_entries import reindex

ROWS = 200  # at a time
LOOKS = 1000  # prompts that are searched for by their own words
_COUNTED = ("generations", "past_usage", "videos", "generation_collections")  # where triggers keep the usage totals


class MoveError(Exception):
    """Why it cannot be: `kind` is filled, foreign, older, newer, unfit, differs or lost; `name` the table."""

    def __init__(self, kind: str, name: str = "") -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name


@dataclass(frozen=True, slots=True)
class Proof:
    """A table that is the same on both sides: its rows, and what its rows sum up to."""

    table: str
    rows: int
    digest: str


@dataclass(slots=True)
class _Sum:
    """The digest of rows in any order: the sum of their hashes, for the two databases sort texts differently."""

    rows: int = 0
    total: int = field(default=0)

    def add(self, row: Row[Any]) -> None:
        self.rows += 1
        digest = hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest()
        self.total = (self.total + int.from_bytes(digest)) % 2**256


class _StoredJson(UserDefinedType[str]):
    """JSON as the text that it is stored as."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"

    def column_expression(self, column: Any) -> Any:
        return sql_cast(column, Text)


def refuse_other_schema(source: Session) -> None:
    """Refuse to move a store that is not at today's schema.

    Raises:
        MoveError: older, or newer.
    """
    try:
        if not at_head(source.connection()):
            raise MoveError("older", current_revision(source.connection()) or "")
    except NewerSchemaError as error:
        raise MoveError("newer") from error


def prepare(target: Session) -> None:
    """Have today's schema in an empty Postgres, locked for this transaction; its triggers sleep until `finish`.

    Raises:
        MoveError: filled, foreign (tables of something else), older or newer: nothing was changed.
    """
    connection = target.connection()
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    try:
        revision = current_revision(connection)
    except NewerSchemaError as error:
        raise MoveError("newer") from error
    if revision is None:
        if there := inspect(connection).get_table_names():
            raise MoveError("foreign", there[0])
        migrate(connection)
    elif revision != known_revisions()[-1]:
        raise MoveError("older", revision)
    for name in _COUNTED:
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None:
            raise MoveError("filled", table.name)


def pour(source: Session, target: Session) -> Iterator[Proof]:
    """Copy table by table, read each back, and yield the proof.

    Raises:
        MoveError: unfit (Postgres refuses a row that SQLite holds) or differs.
    """
    for table in Base.metadata.sorted_tables:
        exact = _exact(table)
        given, found = _Sum(), _Sum()
        try:
            for rows in _batches(source, exact):
                target.connection().execute(insert(exact), [dict(row._mapping) for row in rows])
                for row in rows:
                    given.add(row)
        except (DataError, IntegrityError) as error:
            raise MoveError("unfit", table.name) from error
        for rows in _batches(target, exact):
            for row in rows:
                found.add(row)
        if given != found:
            raise MoveError("differs", table.name)
        yield Proof(table.name, given.rows, f"{given.total:064x}")


def finish(source: Session, target: Session) -> int:
    """Fill the search index, look for prompts by their own words on both sides, let numbers go on where they ended.

    Return how many prompts are in the index.

    Raises:
        MoveError: lost: one is found here and not there.
    """
    count = reindex(target)
    connection = target.connection()
    for table in Base.metadata.sorted_tables:
        if "seq" in table.c:
            _go_on(connection, table)
    for name in _COUNTED:
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
    connection.execute(text("ANALYZE"))
    _look(source, target)
    return count


def _exact(table: Table) -> Table:
    """Return the same table with columns that give and take what is stored, unread."""
    columns = (
        Column(column.name, _StoredJson() if isinstance(column.type, JSON) else column.type, nullable=True)
        for column in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _batches(session: Session, exact: Table) -> Iterator[Sequence[Row[Any]]]:
    with session.connection().execute(select(exact), execution_options={"yield_per": ROWS}) as result:
        yield from result.partitions()


def _go_on(connection: Connection, table: Table) -> None:
    last = connection.scalar(select(func.max(table.c.seq)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, "seq")
        connection.execute(select(func.setval(sequence, last)))


def _look(source: Session, target: Session) -> None:
    """Look for prompts spread over all of them; the newest up to each that has its words must be the same one."""
    rows = cast(Table, tables.GenerationRow.__table__)
    seqs = source.scalars(select(rows.c.seq).where(rows.c.trashed_at.is_(None)).order_by(rows.c.seq)).all()
    for seq in seqs[:: max(1, len(seqs) // LOOKS)]:
        owner, prompt = source.execute(select(rows.c.owner, rows.c.prompt).where(rows.c.seq == seq)).one()
        words = prompt[:100]
        here, there = (search(side, owner, words, before_seq=seq + 1, limit=1) for side in (source, target))
        if here != there:
            raise MoveError("lost", "generation_search")
