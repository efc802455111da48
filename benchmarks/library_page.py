"""One run of the Library with 48 cards: its time in the server, and what goes to the browser.

The rows are those of benchmarks/library.py, without videos. Time is that of the page's script run by Streamlit's own
runner (AppTest) through the frame; bytes are those of the WebSocket in a real browser, from a click on the Library in
the menu to its last card: of those rows, and of long prompts in English and Chinese with a video, five tags and a
rating each, 48 of them and 60 (a page goes on to the end of its last stack).
"""

from __future__ import annotations

import logging
import os
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from benchmarks import ground
from benchmarks.library_rows import Words, build, rows
from db import search_entries
from db.database import Database
from db.tables import GenerationRow, VideoRow
from services.library.marks import Marks

ROWS, RUNS, CARDS, MOST_CARDS = 10_000, 40, 48, 60
TAGS = ["Client Abendrot", "夜景与霓虹灯的街道", "draft two", "keep", "雨夜"]
GOAL_MS, GOAL_KB = 150, 60


def script(table: ground.Table) -> None:
    """Add the row of the server's time."""
    from streamlit.testing.v1 import AppTest

    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")
    app = AppTest.from_file(str(Path(ground.PROJECT, "pages", "frame.py")), default_timeout=30).run()
    app.switch_page("library.py").run()
    assert not app.exception
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        app.run()
        times.append((time.perf_counter() - began) * 1000)
    p50, p95 = ground.quantile(times, 0.5), ground.quantile(times, 0.95)
    table.row("one run", f"{p50:.0f} ms, p95 {p95:.0f} ms", goal=f"p50 <= {GOAL_MS} ms", met=p50 <= GOAL_MS)


def long_prompts(database: Database, *, chinese: bool, cards: int) -> None:
    """Fill a database so that its first page shows so many cards; those beyond 48 are on the last stack."""
    words = Words(random.Random(1))
    made: list[dict[str, Any]] = []
    for row in islice(rows(random.Random(1), words, 4 * cards), 2 * cards):
        said = "，".join("".join(words.some(words.chinese, 12)) for _ in range(40))
        made.append({**row, "owner": "local", "prompt": said if chinese else " ".join(words.some(words.english, 300))})
    stack = made[-cards : -(CARDS - 1)] if cards > CARDS else []
    for row in stack:
        row |= {"prompt": stack[0]["prompt"], "model": stack[0]["model"]}
    with database.transaction() as session:
        session.execute(insert(GenerationRow), made)
        session.execute(insert(VideoRow), [_video(row["id"], row["created_at"]) for row in made])
        search_entries.refresh(session, session.scalars(text("SELECT seq FROM generations")).all())
    marks = Marks("local", database)
    for row in made[-cards:]:
        marks.set_tags(str(row["id"]), TAGS)
        marks.rate(str(row["id"]), 4)


def _video(id: str, at: object) -> dict[str, object]:
    source = {"generation_id": id, "source_url": f"https://x.example/{id}", "source_key": id, "created_at": at}
    film = {"sha256": "0" * 64, "media_type": "video/mp4", "size_bytes": 1_000, "duration_seconds": 8.0}
    shape = {"width": 16, "height": 9, "poster": True}
    return {"id": id[::-1], "owner": "local", "state": "kept", "attempts": 1, **source, **film, **shape}


def sent(table: ground.Table, name: str, fill: Callable[[Database], object], cards: int) -> None:
    """Add the row of what the browser receives."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = Database(f"sqlite:///{home / 'dailies.db'}")
        database.upgrade()
        fill(database)
        database.close()
        kilobytes = _received(home, cards) / 1000
    table.row(name, f"{kilobytes:.0f} kB", goal=f"<= {GOAL_KB} kB", met=kilobytes <= GOAL_KB)


def _received(home: Path, cards: int) -> int:
    with ground.dailies(home, None) as server, ground.chromium() as browser, ground.page(browser, server.url) as page:
        received: list[int] = []
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))),
        )
        page.goto(server.url)
        page.get_by_label("Prompt", exact=True).wait_for()
        page.wait_for_timeout(1500)
        received.clear()
        page.get_by_role("link", name="Library").click()
        stacks = CARDS if cards > CARDS else cards  # what is on a stack is sent, and shown by a click
        page.locator(".grid article").nth(stacks - 1).wait_for()
        page.wait_for_timeout(1500)
        if cards > CARDS:
            assert f"{cards - CARDS + 1} takes" in page.locator(".grid .takes").last.inner_text()
        return sum(received)


def main() -> None:
    """Print the table."""
    table = ground.Table(f"The Library page, 48 cards of {ROWS:,} rows", "")
    with tempfile.TemporaryDirectory() as name:
        for variable in [variable for variable in os.environ if variable.startswith("DAILIES_")]:
            del os.environ[variable]
        os.environ["DAILIES_HOME"] = name
        database = Database(f"sqlite:///{Path(name) / 'dailies.db'}")
        database.upgrade()
        build(database, ROWS)
        database.close()
        from pages.shared.runtime import close_runtime

        try:
            script(table)
        finally:
            close_runtime()
    sent(table, "to the browser", lambda database: build(database, ROWS), CARDS)
    for name, chinese, cards in (
        ("long prompts in English, 48 cards", False, CARDS),
        ("long prompts in Chinese, 48 cards", True, CARDS),
        ("long prompts in Chinese, 60 cards", True, MOST_CARDS),
    ):
        sent(table, name, partial(long_prompts, chinese=chinese, cards=cards), cards)
    table.show()


if __name__ == "__main__":
    main()
