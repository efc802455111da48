""" "You already made this" among a million prompts: `python -m benchmarks.already_made [ROWS]`.

The prompts are made of the composer's own words, common ones often and rare ones seldom, as people write them; one
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

from benchmarks import ground
from db.database import Database
from db.search import Document
from db.search_entries import model_facet
from db.search_text import pieces
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


def facets(model: str) -> str:
    """Return what a finished video's row has in the index."""
    return " ".join(Document("local", "", facets=("sdone", model_facet(model), "d2026", "ovideo")).words)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    chance = random.Random(20261123)
    table = ground.Table(f"You already made this, among {count:,} prompts", "p50 ms", "p95 ms", "most", "found")
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'dailies.db'}"
        database = Database(url)
        database.upgrade()
        asked = fill(Path(name) / "dailies.db", count, chance)
        look = AlreadyMade("local", database)
        kinds = {
            "the same": asked,
            "nearly the same": [text.replace(", ", " and ", 1) + ", slowly" for text in asked],
            "something new": list(prompts(len(asked), random.Random(7))),
            "a few common words": [" ".join(text.split(", ")[1:3]) for text in asked],
        }
        for kind, texts in kinds.items():
            took, found = [], 0
            for text in texts:
                began = time.perf_counter()
                made = look.look(text, "sora-2")
                took.append((time.perf_counter() - began) * 1000)
                found += bool(made)
            p95 = ground.quantile(took, 0.95)
            cells = (f"{ground.quantile(took, 0.5):.1f}", f"{p95:.1f}", f"{max(took):.1f}", f"{found}/{len(texts)}")
            table.row(kind, *cells, goal=f"p95 <= {GOAL_MS:g} ms", met=p95 <= GOAL_MS)
        database.close()
    table.show()


if __name__ == "__main__":
    main()
