"""The search index, written in the transaction that writes the row; no trigger (a migration would drop it).

What is indexed of a generation is a function of its row: owner, prompt and, once ended, its answer. SQLite's
contentless index forgets a row only when told exactly the text it was given. Postgres gets vectors and queries
spelt by us, for its own parser drops what looks like markup and splits what looks like a path.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.search_text import Token, owner_token, pieces, tokens

MAX_POSITION = 16_383  # of a tsvector; a run of CJK characters beyond it is found by its pairs only
MAX_POSITIONS = 255  # of one piece in a tsvector
MAX_VECTOR_BYTES = 900_000  # a tsvector over 1 MiB raises, and an answer that was paid for must be kept


def index(session: Session, generation_seq: int, owner: str, prompt: str, response: str = "") -> None:
    """Make a generation findable; it must not be indexed yet."""
    if _is_sqlite(session):
        session.execute(
            text(
                "INSERT INTO generation_search (rowid, prompt, response, owner)"
                " VALUES (:seq, :prompt, :response, :owner)"
            ),
            _fts_row(generation_seq, owner, prompt, response),
        )
    else:
        session.execute(
            text("INSERT INTO generation_search (generation_seq, document) VALUES (:seq, CAST(:document AS tsvector))"),
            {"seq": generation_seq, "document": _vector(owner, pieces(prompt), pieces(response))},
        )


def remove(session: Session, generation_seq: int, owner: str, prompt: str, response: str = "") -> None:
    """Forget a generation; the texts must be those it was indexed with."""
    if _is_sqlite(session):
        session.execute(
            text(
                "INSERT INTO generation_search (generation_search, rowid, prompt, response, owner)"
                " VALUES ('delete', :seq, :prompt, :response, :owner)"
            ),
            _fts_row(generation_seq, owner, prompt, response),
        )
    else:
        session.execute(text("DELETE FROM generation_search WHERE generation_seq = :seq"), {"seq": generation_seq})


def reindex(session: Session, generation_seq: int, owner: str, prompt: str, response: str) -> None:
    """Add the answer to a generation whose prompt alone is indexed."""
    remove(session, generation_seq, owner, prompt)
    index(session, generation_seq, owner, prompt, response)


def response_text(content: str, reasoning: str) -> str:
    """Return what is indexed of an answer."""
    return f"{content}\n{reasoning}" if reasoning else content


def search(session: Session, owner: str, query: str, *, before_seq: int | None = None, limit: int) -> list[int]:
    """Return the seqs of an owner's generations that hold all words of `query`, newest first.

    Words are found by their beginnings, CJK text anywhere; 20 tokens count. A query without a letter or digit
    finds nothing.
    """
    wanted = tokens(query)
    if not wanted:
        return []
    before = 2**62 if before_seq is None else before_seq
    if _is_sqlite(session):
        statement = (
            "SELECT rowid FROM generation_search WHERE generation_search MATCH :query AND rowid < :before"
            " ORDER BY rowid DESC LIMIT :limit"
        )
        match = _fts_query(owner, wanted)
    else:
        statement = (
            "SELECT generation_seq FROM generation_search WHERE document @@ CAST(:query AS tsquery)"
            " AND generation_seq < :before ORDER BY generation_seq DESC LIMIT :limit"
        )
        match = _ts_query(owner, wanted)
    found = session.execute(text(statement), {"query": match, "before": before, "limit": limit})
    return [int(row[0]) for row in found]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _fts_row(generation_seq: int, owner: str, prompt: str, response: str) -> dict[str, object]:
    return {
        "seq": generation_seq,
        "prompt": " ".join(pieces(prompt)),
        "response": " ".join(pieces(response)),
        "owner": owner_token(owner),
    }


def _fts_query(owner: str, wanted: Iterable[Token]) -> str:
    quoted = (f'"{" ".join(token.pieces)}"{" *" if token.prefix else ""}' for token in wanted)
    return f'owner : "{owner_token(owner)}" AND {{prompt response}} : ({" AND ".join(quoted)})'


def _vector(owner: str, prompt: list[str], response: list[str]) -> str:
    """Spell a tsvector: weight C is the owner, A the prompt, B the answer; positions make phrases."""
    positions: dict[str, list[str]] = {owner_token(owner): ["1C"]}
    room = MAX_VECTOR_BYTES
    weighted = [(piece, "A") for piece in prompt] + [(piece, "B") for piece in response]
    for place, (piece, weight) in enumerate(weighted, start=1):
        places = positions.setdefault(piece, [])
        room -= 4 if places else len(piece.encode()) + 8
        if room < 0:
            break
        if len(places) < MAX_POSITIONS:
            places.append(f"{min(place, MAX_POSITION)}{weight}")
    return " ".join(f"'{piece}':{','.join(places)}" for piece, places in positions.items() if places)


def _ts_query(owner: str, wanted: Iterable[Token]) -> str:
    phrases = (" <-> ".join(f"'{piece}':{'*' if token.prefix else ''}AB" for piece in token.pieces) for token in wanted)
    return " & ".join([f"'{owner_token(owner)}':C", *(f"({phrase})" for phrase in phrases)])
