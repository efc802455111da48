"""The index finds what a plain scan finds, for its owner only, whatever is typed."""

from __future__ import annotations

import random
import sqlite3
import string
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from db import generations, search, search_entries
from db.database import Database
from db.records import Ending
from db.search_look import is_sqlite
from db.search_text import MAX_TOKENS, pieces, runs, tokens
from db.states import State
from db.tables import GenerationRow
from tests.db.rows import NOW, add

LETTERS = [
    "城", "市", "夜", "景", "の", "カ", "가", "나", "a", "b", "é", "ß", "1", " ",
    ",", "。", "\n", "-", "<", "น", "้", "\U00031350",
]  # fmt: skip
HOSTILE = [
    *('"', "'", "own", "own6c6f63616c", "owner:", "AND", "NOT a", "NEAR(a b)", "a*", "*", "(", "))", "{prompt}: x"),
    *("^a", "-a", "a:b", "\\", "%", "':*", "a & !b", "<->", "\x00", "\ud800", "💡", "", "   "),
    *("x" * 5000, "城" * 5000, "a " * 500),
]


def scan_finds(query: str, text: str) -> bool:
    """Tell by looking at each run whether a text holds every word of a query."""
    held = runs(text)
    wanted = runs(query)[:MAX_TOKENS]
    return bool(wanted) and all(
        any(cjk == is_cjk and (word in run if cjk else run.startswith(word)) for run, is_cjk in held)
        for word, cjk in wanted
    )


def ended(session: Session, text: str) -> int:
    """Add one that has ended, a text as its answer."""
    made = add(session, "")
    generations.claim(session, made.id, "w1", NOW)
    generations.end(session, made.id, "w1", Ending(state=State.DONE, content=text), NOW)
    return made.seq


def noted(session: Session, text: str) -> int:
    """Add one with a text as its notes."""
    made = add(session, "")
    session.execute(update(GenerationRow).where(GenerationRow.seq == made.seq).values(notes=text))
    search_entries.refresh(session, [made.seq])
    return made.seq


def held_by_the_index(session: Session) -> int:
    """Return how many words the index still holds."""
    if not is_sqlite(session):
        return int(session.scalar(text("SELECT count(*) FROM generation_search")) or 0)
    session.execute(text("CREATE VIRTUAL TABLE temp.left_words USING fts5vocab(main, generation_search, 'instance')"))
    return int(session.scalar(text("SELECT count(*) FROM temp.left_words")) or 0)


def test_the_index_agrees_with_a_plain_scan(database: Database) -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 40))) for _ in range(200)]
    with database.transaction() as session:
        seqs: list[int] = []
        for number, words in enumerate(texts):  # half of them have ended, their text in the answer, or in the notes
            made = (ended, noted)[number % 4 // 2](session, words) if number % 4 else add(session, words).seq
            seqs.append(made)
    queries = ["".join(chance.choices(LETTERS, k=chance.randrange(1, 5))) for _ in range(400)]
    with database.reading() as session:
        for query in queries:
            wanted = [seq for seq, text in zip(seqs, texts, strict=True) if scan_finds(query, text)]
            assert search.search(session, "local", query, limit=999) == wanted[::-1], repr(query)


def test_nothing_typed_raises_or_finds_what_is_anothers(database: Database) -> None:
    chance = random.Random(8)
    noise = ["".join(chance.choices(string.printable + "城ー\u0301\u200d'\"", k=9)) for _ in range(300)]
    with database.transaction() as session:
        mine = add(session, "a lighthouse").id
        add(session, "b 城市 own x", owner="ann")
    with database.reading() as session:
        for query in HOSTILE + noise:
            assert {row.id for row in generations.page(session, "local", limit=9, text=query)} <= {mine}
        for query in ("own", "own6c6f63616c", "城", "local", "ann"):
            assert generations.page(session, "local", limit=9, text=query) == []
        assert len(generations.page(session, "ann", limit=9, text="own")) == 1


def test_an_owner_whose_name_begins_anothers_sees_only_his_own(database: Database) -> None:
    with database.transaction() as session:
        add(session, "boat", owner="ann")
        add(session, "boat", owner="anna")
        assert len(search.search(session, "ann", "boat", limit=9)) == 1


def test_the_end_replaces_what_was_indexed_exactly(database: Database) -> None:
    prompt = "Ｆｕｌｌ ﾃｽﾄ Straße 城市 ़ 𠮷野家 don't"
    with database.transaction() as session:
        made = add(session, prompt)
        generations.claim(session, made.id, "w1", NOW)
        ending = Ending(state=State.DONE, content="bridge", reasoning="夜")
        generations.end(session, made.id, "w1", ending, NOW)
        assert search.search(session, "local", "bridge 夜 strasse", limit=9) == [made.seq]
        search_entries.forget(session, [made.seq])
        for word in prompt.split():
            assert search.search(session, "local", word, limit=9) == []
        assert held_by_the_index(session) == 0


@pytest.mark.parametrize("letter", ["城", "é", "x"])
def test_an_answer_of_any_length_can_be_kept(database: Database, letter: str) -> None:
    text = letter * 300_000 + " " + "".join(map(chr, range(0x4E00, 0x9FFF))) * 8
    with database.transaction() as session:
        made = add(session, "".join(map(chr, range(0x3400, 0x9FFF))) * 2)
        generations.claim(session, made.id, "w1", NOW)
        assert generations.end(session, made.id, "w1", Ending(state=State.DONE, content=text), NOW)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_found_by_itself_and_makes_few_tokens(text: str) -> None:
    assert len(tokens(text)) <= MAX_TOKENS
    assert not runs(text) or scan_finds(text, text)
    assert all(piece and not set(piece) & set(" \t\n\"'\\:*()&|!<>") for piece in pieces(text))


def test_sqlite_takes_every_piece_for_one_word() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE t USING fts5(a, tokenize=\"unicode61 remove_diacritics 2 categories 'L* M* N* Co'\")"
    )
    connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(t, 'instance')")
    characters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    whole = sorted({piece for one in characters for piece in pieces(one) if len(piece) == 1})
    connection.executemany("INSERT INTO t(rowid, a) VALUES (?, ?)", ((ord(one), f"q{one}q") for one in whole))
    found = dict(connection.execute("SELECT doc, count(*) FROM words GROUP BY doc"))
    connection.close()
    assert [hex(ord(one)) for one in whole if found[ord(one)] != 1] == []
