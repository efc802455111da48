"""Taking away 1,000 videos as a zip: what the server's memory grows by, how fast it goes; bringing them in again.

    python -m benchmarks.takeaway [VIDEOS [MEGABYTES]]

The videos are real mp4s made larger by a box that players pass over, many names of few files on the disk. The zip goes
nowhere: what is measured is making it. The floor beside it is reading the same files.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import ground
from db import generations, videos
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.endpoint.redact import Redactor
from services.library.browsing import Library, View
from services.library.bulk import Act
from services.library.selection import Selections
from services.media.store import Store
from services.settings import Settings
from services.takeaway.bringing import Bringing
from services.takeaway.export import Export
from tests.db.rows import NOW, add
from tests.media.films import shoot
from tests.takeaway.house import House, insert_many

RSS_GOAL_MB = 50.0
MB = 1024 * 1024
FILES = 8
MANY = 10_000


def films(folder: Path, size_bytes: int) -> list[tuple[Path, str]]:
    """Make a few films of about this size; return them with their hashes."""
    made = []
    for number in range(FILES):
        path = folder / f"{number}.mp4"
        shoot(path)
        with path.open("ab") as file:
            file.write((size_bytes + 8).to_bytes(4, "big") + b"free")
            for _ in range(size_bytes // MB):
                file.write(os.urandom(MB))
            file.write(b"\0" * (size_bytes % MB))
        made.append((path, hashlib.sha256(path.read_bytes()).hexdigest()))
    return made


def fill(database: Database, home: Path, count: int, made: list[tuple[Path, str]]) -> None:
    """Make that many generations, each with a kept video."""
    store = Store(home / "media")
    for number in range(count):
        path, sha256 = made[number % len(made)]
        id = f"v{number:08}"
        with database.transaction() as session:
            one = add(session, f"A paper boat {number} crosses a puddle, 纸船, soft window light")
            generations.claim(session, one.id, "w1", NOW)
            ending = Ending(state=State.DONE, outcome=Outcome.VIDEO, content="> 进度 100%\n" * 40, total_tokens=61)
            generations.end(session, one.id, "w1", ending, NOW)
            url = f"https://x.example/{number}.mp4"
            videos.add(session, id=id, owner="local", generation_id=one.id, source_url=url, at=NOW)
            videos.claim(session, id, "w1")
            videos.kept(
                session, id, sha256=sha256, media_type="video/mp4", size_bytes=path.stat().st_size,
                duration_seconds=1.0, width=96, height=64, poster=False, at=NOW,
            )  # fmt: skip
        target = store.video_path(id, "video/mp4")
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, target)


def grown(action: Callable[[], int]) -> tuple[float, float, int]:
    """Do it; return by how many MB the peak of this process' memory grew, the seconds, and what it returned."""
    before, began = _peak_mb(), time.perf_counter()
    result = action()
    return _peak_mb() - before, time.perf_counter() - began, result


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reading(home: Path) -> int:
    """Read every film once; return the bytes."""
    return sum(len(piece) for path in (home / "media").rglob("*.mp4") for piece in _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(256 * 1024), b"")


def main(count: int = 1_000, size_mb: int = 4) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="dailies-takeaway-") as folder:
        home, there = Path(folder) / "here", Path(folder) / "there"
        home.mkdir()
        there.mkdir()
        database, other = (Database(f"sqlite:///{one / 'dailies.db'}") for one in (home, there))
        database.upgrade()
        other.upgrade()
        fill(database, home, count, films(Path(folder), size_mb * MB))
        selections = Selections(Library("local", database))
        export = Export("local", database, Settings(home=home), selections, lambda: Redactor([]))
        few = selections.of_ids(tuple(f"none{number}" for number in range(2)))
        sum(map(len, export.pieces(few)))  # what is loaded once is not what grows
        floor = grown(lambda: reading(home))
        zipped = grown(lambda: sum(map(len, export.pieces(selections.of_view(View())))))
        some = min(count, 100)
        path = Path(folder) / "some.zip"
        ids = tuple(card.id for card in Library("local", database).look(View(), limit=some).cards)
        with path.open("wb") as file:
            file.writelines(export.pieces(selections.of_ids(ids)))
        bringing = Bringing("local", other, Settings(home=there, free_floor_bytes=0))
        brought = grown(lambda: bringing.bring(path).new)
        database.close()
        other.close()
    table = ground.Table("Taking away and bringing in", "memory +MB", "seconds")
    _row(table, f"reading {count} files of {size_mb} MB (floor)", floor)
    _row(table, f"a zip of {count} videos, their data, tables and page", zipped, goal=RSS_GOAL_MB)
    _row(table, f"bringing {some} of them in, hash and picture each", brought, goal=RSS_GOAL_MB)
    many(table)
    table.show()


def many(table: ground.Table) -> None:
    """Tag everything that a search finds; beside it a person goes on marking single cards."""
    with tempfile.TemporaryDirectory(prefix="dailies-many-") as folder:
        house = House(Database(f"sqlite:///{Path(folder) / 'dailies.db'}"), Path(folder), Path(folder))
        house.database.upgrade()
        insert_many(house, MANY)
        one = house.ids("heron")[0]
        began = time.perf_counter()
        house.bulk.begin(house.all_of("heron"), Act.TAG, "birds")
        run = house.bulk.run()
        waits: list[float] = []
        while run is not None and not run.ended:
            asked = time.perf_counter()
            house.marks.rate(one, len(waits) % 5 + 1)
            waits.append((time.perf_counter() - asked) * 1_000)
            time.sleep(0.05)
        seconds = time.perf_counter() - began
        house.database.close()
    table.row(f"tagging {MANY:,} found by a search", "", f"{seconds:.1f}")
    said = f"one mark beside it: p50 {sorted(waits)[len(waits) // 2]:.0f} ms, most {max(waits):.0f} ms"
    table.row(said, "", "")


def _row(table: ground.Table, name: str, told: tuple[float, float, int], *, goal: float | None = None) -> None:
    mb, seconds, _result = told
    said = "" if goal is None else f"<= {goal:.0f} MB"
    table.row(name, f"{mb:.1f}", f"{seconds:.1f}", goal=said, met=None if goal is None else mb <= goal)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]))
