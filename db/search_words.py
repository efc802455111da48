"""Words found by their beginning, on SQLite: which words begin so, and rows looked at where that is every other word.

FTS5 joins the whole list of every word that begins so before it hands out the first hit: 40 ms for a common word, a
second for a letter. Spelt as whole words the same query hands out hits as it meets them. Where too many words begin so
to be spelt, most rows hold one of them, mostly: then the newest rows are read, and FTS5 is asked only if few of those
did. Either way the answer is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.base import core_table
from db.library_tables import SearchEntryRow
from db.search_text import MAX_INDEXED_CHARS, Token, holds_beginning, is_short
from db.search_wanted import Term, Wanted, Where, Words
from db.tables import GenerationRow

MOST_WORDS: Final = 32
LOOK: Final = 600  # rows that are read for one page
CHARS: Final = 2_000_000  # of their texts

_G = core_table(GenerationRow).c
_E = core_table(SearchEntryRow).c
_WORDS: Final = text(
    "WITH RECURSIVE begun(word) AS ("
    " SELECT (SELECT term FROM temp.search_words WHERE term >= :beginning LIMIT 1)"
    " UNION ALL SELECT (SELECT term FROM temp.search_words WHERE term >= begun.word || char(1) LIMIT 1)"
    " FROM begun WHERE begun.word < :end LIMIT :most)"
    " SELECT word FROM begun WHERE word >= :beginning AND word < :end"
)
_TEXTS: Final = (
    select(
        _G.seq,
        func.substr(_G.prompt, 1, MAX_INDEXED_CHARS).label("prompt"),
        func.substr(_G.content, 1, MAX_INDEXED_CHARS).label("content"),
        func.substr(_G.reasoning, 1, MAX_INDEXED_CHARS).label("reasoning"),
        _E.marks,
    )
    .join_from(core_table(GenerationRow), core_table(SearchEntryRow), _E.generation_seq == _G.seq)
)  # fmt: skip


def words_of(session: Session, wanted: Wanted) -> Words:
    """Return the words that each beginning in `wanted` stands for; beginnings of too many are left out."""
    beginnings = {one.pieces[-1] for term in wanted.terms for one in term.tokens if one.prefix}
    found = {one: _begun_by(session, one) for one in beginnings if not is_short(one)}
    return {beginning: words for beginning, words in found.items() if len(words) <= MOST_WORDS}


def is_hopeless(wanted: Wanted, words: Words) -> bool:
    """Tell whether no row can hold all of it, for no word at all begins as one of the terms does."""
    left = (one for term in wanted.terms if not term.id for one in term.tokens if one.prefix)
    return any(words.get(one.pieces[-1], ("",)) == [] for one in left)


def without_broad(wanted: Wanted, words: Words) -> tuple[Wanted, tuple[str, ...]]:
    """Return what is wanted beside the beginnings that stand for too many words, and those; none if they must stay."""
    broad = [one for term in wanted.terms for one in term.tokens if _is_broad(one, words)]
    bound = any(term.id and set(broad) & set(term.tokens) for term in wanted.terms)  # an id instead would do
    if bound or wanted.where is Where.ELSEWHERE:  # "not all of them in the prompt": they cannot be told apart
        return wanted, ()
    left = (Term(tuple(one for one in term.tokens if one not in broad), term.id) for term in wanted.terms)
    return replace(wanted, terms=tuple(term for term in left if term.tokens)), tuple(one.pieces[0] for one in broad)


def holding(session: Session, seqs: Sequence[int], beginnings: Sequence[str], where: Where) -> tuple[list[int], int]:
    """Return those of these rows that hold a word with each of the beginnings, and how many characters were read."""
    found, chars = set(), 0
    for row in session.execute(_TEXTS.where(_G.seq.in_(seqs))):
        answer = f"{row.content}\n{row.reasoning}"[:MAX_INDEXED_CHARS]
        texts = (row.prompt,) if where is Where.PROMPT else (row.prompt, answer, row.marks)
        chars += sum(map(len, texts))
        if all(any(holds_beginning(text, one) for text in texts) for one in beginnings):
            found.add(row.seq)
    return [seq for seq in seqs if seq in found], chars


def _begun_by(session: Session, beginning: str) -> list[str]:
    """Return the words of the index that begin so, `MOST_WORDS` and one at most: each is one step down its trees."""
    values = {"beginning": beginning, "end": beginning + chr(0x10FFFF), "most": MOST_WORDS + 2}
    return [str(row[0]) for row in session.execute(_WORDS, values)]


def _is_broad(token: Token, words: Words) -> bool:
    return token.prefix and len(token.pieces) == 1 and token.pieces[0] not in words
