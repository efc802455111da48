""" "You already made this" among a million prompts: `python -m benchmarks.already_made [ROWS | DATABASE]`.

A database (a copy of one that `benchmarks.library` filled; it is brought to today's schema) is asked for its own
prompts. Else they are made of the composer's own words, common ones often and rare ones seldom, as people write; one
in fifty is a near copy of an earlier one.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, func, select

from benchmarks import ground
from db import prompt_keys
from db.database import Database
from db.prompt_keys import PromptKeyRow, PromptKeysLeftRow
from db.search import Document
from db.search_entries import model_facet
from db.search_text import pieces
from db.tables import GenerationRow
from services.library.already_made import AlreadyMade
from services.prompts.vocabulary import LISTS, words

ROWS = 1_000_000
QUESTIONS = 200
GOAL_MS = 50.0
MODELS = ("sora-2", "sora-2", "sora-2", "veo-3")
NAMES = ("a lighthouse", "a paper boat", "two dancers", "an old tram", "a red kite", "a street cook", "one violin")


def prompts(count: int, chance: random.Random) -> Iterator[str]:
    """Return prompts; common words come often (Zipf)."""
    known = [word.en for name in LISTS for word in words(name)] + [f"thing{number}" for number in range(5_000)]
    weights = [1 / (place + 1) for place in range(len(known))]
    chance.shuffle(known)
    said: list[str] = []
    for _ in range(count):
        if said and chance.random() < 0.02:
            yield chance.choice(said) + ", rain"
            continue
        drawn = chance.choices(known, weights, k=chance.randint(8, 16))
        text = f"{chance.choice(NAMES)}, " + ", ".join(drawn)
        if len(said) < 10_000:
            said.append(text)
        yield text


def fill(path: Path, count: int, chance: random.Random) -> list[str]:
    """Write generations and their index as years of use leave them; return some of the prompts."""
    kept: list[str] = []
    row = (
        "insert into generations (seq, id, owner, nonce, state, outcome, priority, prompt, endpoint_id, endpoint_name,"
        " base_url, model, demo, content, reasoning, progress, links, task_ids, flags, cancel_requested, created_at,"
        " favourite, notes) values (?, ?, 'local', ?, 'done', 'video', 0, ?, 'e', 'E', 'https://e', ?, 0, '', '', '[]',"
        " '[]', '[]', '[]', 0, '2026-01-02 03:04:05.000000', 0, '')"
    )
    indexed = "insert into generation_search (rowid, prompt, response, marks, facets) values (?, ?, '', '', ?)"
    with sqlite3.connect(path) as database:
        database.execute("pragma journal_mode=wal")
        batch: list[tuple[int, str, str]] = []
        for seq, text in enumerate(prompts(count, chance), start=1):
            batch.append((seq, text, chance.choice(MODELS)))
            if len(kept) < QUESTIONS and chance.random() < 2 * QUESTIONS / count:
                kept.append(text)
            if len(batch) == 20_000 or seq == count:
                database.executemany(row, ((s, f"g{s}", f"n{s}", t, m) for s, t, m in batch))
                database.executemany(indexed, ((s, " ".join(pieces(t)), facets(m)) for s, t, m in batch))
                batch.clear()
        database.execute("analyze")
    return kept


def some_of(path: Path, chance: random.Random) -> list[str]:
    """Return prompts that were sent to the model that is asked for, from all over a database."""
    wanted = "select prompt from generations where seq >= ? and model = 'sora-2' and owner = 'local' and state = 'done'"
    with sqlite3.connect(path) as database:
        last = database.execute("select max(seq) from generations").fetchone()[0]
        places = [chance.randrange(last // 2) for _ in range(QUESTIONS)]
        return [database.execute(f"{wanted} limit 1", (place,)).fetchone()[0] for place in places]


def remember(database: Database) -> None:
    """Give all rows their keys, as the server does beside its work."""
    with database.transaction() as session:
        last = session.scalar(select(func.max(GenerationRow.seq)))
        if session.scalar(select(PromptKeyRow.key).limit(1)) is None:
            session.execute(delete(PromptKeysLeftRow))
            session.add(PromptKeysLeftRow(seq=last or 0))
    more = True
    while more:
        with database.transaction() as session:
            more = prompt_keys.fill(session, 1_000)


def facets(model: str) -> str:
    """Return what a finished video's row has in the index."""
    return " ".join(Document("local", "", facets=("sdone", model_facet(model), "d2026", "ovideo")).words)


def main() -> None:
    """Print the table."""
    given = sys.argv[1] if len(sys.argv) > 1 else str(ROWS)
    chance = random.Random(20261123)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "dailies.db" if given.isdigit() else Path(given)
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        asked = fill(path, int(given), chance) if given.isdigit() else some_of(path, chance)
        remember(database)
        with sqlite3.connect(path) as counting:
            count = counting.execute("select count(*) from generations").fetchone()[0]
        table = ground.Table(
            f"You already made this, among {count:,} prompts", "p50 ms", "p95 ms", "most", "processor p95 ms", "found"
        )
        look = AlreadyMade("local", database)
        kinds = {
            "the same": asked,
            "nearly the same": [text.replace(", ", " and ", 1) + ", slowly" for text in asked],
            "something new": list(prompts(len(asked), random.Random(7))),
            "a few common words": [" ".join(text.replace("，", ", ").split(", ")[1:3]) or text[:30] for text in asked],
        }
        for kind, texts in kinds.items():
            took, worked, found = [], [], 0
            for text in texts:
                began, work = time.perf_counter(), time.process_time()
                made = look.look(text, "sora-2")
                took.append((time.perf_counter() - began) * 1000)
                worked.append((time.process_time() - work) * 1000)
                found += bool(made)
            p95 = ground.quantile(took, 0.95)
            cells = (
                *(f"{figure:.1f}" for figure in (ground.quantile(took, 0.5), p95, max(took))),
                *(f"{ground.quantile(worked, 0.95):.1f}", f"{found}/{len(texts)}"),
            )
            table.row(kind, *cells, goal=f"p95 <= {GOAL_MS:g} ms", met=p95 <= GOAL_MS)
        database.close()
    table.show()


if __name__ == "__main__":
    main()
