"""One data folder with a database, and what a person does in it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from db import generations, search_entries, videos
from db.database import Database
from db.records import Ending, Generation
from db.states import Outcome, State
from db.tables import GenerationRow
from services.endpoint.redact import Redactor
from services.jobs.hand import Hand
from services.library.browsing import Library, View
from services.library.bulk import Act, Bulk, Run
from services.library.marks import Marks
from services.library.selection import Selection, Selections
from services.library.trash import Trash
from services.media.store import Store
from services.settings import Settings
from services.takeaway.bringing import Bringing, Brought
from services.takeaway.export import Export
from tests.db.rows import NOW, add
from tests.waiting import wait_until

TOKEN = "sk-canary0123456789abcdef"


@dataclass
class House:
    """One data folder, as `owner` sees it."""

    database: Database
    home: Path
    film: Path
    owner: str = "local"

    def __post_init__(self) -> None:
        self.library = Library(self.owner, self.database)
        self.marks = Marks(self.owner, self.database)
        self.trash = Trash(self.owner, self.database, Settings(home=self.home))
        self.selections = Selections(self.library)
        hand = Hand(lambda: None, lambda _: False, lambda _: False, lambda *_: None, lambda: None)
        self.bulk = Bulk(self.selections, self.marks, hand)

    def as_(self, owner: str) -> House:
        """Return the same house for somebody else."""
        return House(self.database, self.home, self.film, owner)

    def made(self, prompt: str, *, filmed: bool = False, state: State = State.DONE, **values: Any) -> str:
        """Make a generation that has ended, with a kept video if `filmed`; return its id."""
        with self.database.transaction() as session:
            one = add(session, prompt, owner=self.owner, **values)
            generations.claim(session, one.id, "w1", NOW)
            outcome = Outcome.VIDEO if filmed else Outcome.TEXT
            ending = Ending(
                state=state, outcome=outcome, content=f"Here it is: {prompt[:40]}", total_tokens=61, prompt_tokens=20,
                completion_tokens=41, duration_seconds=12.5, task_ids=("task-7777",), usage={"total_tokens": 61},
            )  # fmt: skip
            generations.end(session, one.id, "w1", ending, NOW)
        if filmed:
            self._film(one.id)
        return one.id

    def _film(self, generation_id: str) -> None:
        id, store = uuid4().hex[:24], Store(self.home / "media")
        path = store.video_path(id, "video/mp4")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.film, path)
        with path.open("ab") as file:  # so that no two films are the same: a box that players pass over
            file.write(b"\0\0\0\x10free" + id[:8].encode())
        store.poster_path(id).write_bytes(b"\xff\xd8\xff poster \xff\xd9")
        sha256, size = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size
        with self.database.transaction() as session:
            url = f"https://x.example/{id}.mp4"
            videos.add(session, id=id, owner=self.owner, generation_id=generation_id, source_url=url, at=NOW)
            videos.claim(session, id, "w1")
            videos.kept(
                session, id, sha256=sha256, media_type="video/mp4", size_bytes=size, duration_seconds=1.0, width=96,
                height=64, poster=True, at=NOW,
            )  # fmt: skip

    def failed_video(self, generation_id: str) -> None:
        """Let a video of a generation have failed."""
        id = uuid4().hex[:24]
        with self.database.transaction() as session:
            url = f"https://x.example/{id}.mp4"
            videos.add(session, id=id, owner=self.owner, generation_id=generation_id, source_url=url, at=NOW)
            videos.claim(session, id, "w1")
            videos.failed(session, id, "video_link_gone", "gone")

    def get(self, id: str) -> Generation:
        """Return one generation."""
        with self.database.reading() as session:
            found = generations.get(session, self.owner, id)
        assert found is not None
        return found

    def ids(self, text: str = "", **view: Any) -> list[str]:
        """Return what a view shows."""
        return [card.id for card in self.library.look(View(text=text, **view), limit=500).cards]

    def all_of(self, text: str = "", **view: Any) -> Selection:
        """Choose all that a view shows."""
        return self.selections.of_view(View(text=text, **view))

    def taken(self, chosen: Selection | None = None) -> bytes:
        """Return the zip of what is chosen, of everything by default."""
        export = Export(self.owner, self.database, Settings(home=self.home), self.selections, lambda: Redactor([TOKEN]))
        return b"".join(export.pieces(chosen or self.all_of()))

    def bring(self, what: bytes | Path) -> Brought:
        """Bring in a zip or a folder."""
        path = what
        if isinstance(what, bytes):
            path = self.home / f"{uuid4().hex}.zip"
            path.write_bytes(what)
        assert isinstance(path, Path)
        return Bringing(self.owner, self.database, Settings(home=self.home, free_floor_bytes=0)).bring(path)

    def do(self, chosen: Selection, act: Act, value: str = "") -> Run:
        """Do something to many and return what came of it."""
        self.bulk.begin(chosen, act, value)
        run = self.bulk.run()
        assert run is not None
        wait_until(lambda: run.ended)
        self.bulk.seen()
        return run

    def files(self) -> dict[str, bytes]:
        """Return every file of the store by name."""
        return {path.name: path.read_bytes() for path in (self.home / "media").rglob("*") if path.is_file()}


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip, named from its one folder on."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}


def records(data: bytes) -> list[dict[str, Any]]:
    """Return the records of a zip."""
    return [json.loads(line) for line in unzipped(data)["generations.jsonl"].splitlines()]


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return made.getvalue()


def insert_many(house: House, count: int, word: str = "heron") -> list[int]:
    """Make many that have ended, at once; return their seqs."""
    rows = [
        {"id": f"{house.owner}{word}{number:08}", "owner": house.owner, "nonce": f"{word}{number}", "state": "done",
         "outcome": "text", "priority": 0, "prompt": f"{word} {number}", "endpoint_id": "e1", "endpoint_name": "One",
         "base_url": "https://api.example", "model": "sora-2", "demo": False, "content": "", "reasoning": "",
         "progress": [], "links": [], "task_ids": [], "flags": [], "cancel_requested": False, "created_at": NOW,
         "favourite": False, "notes": ""}
        for number in range(count)
    ]  # fmt: skip
    with house.database.transaction() as session:
        seqs = list(session.scalars(insert(GenerationRow).returning(GenerationRow.seq), rows))
        search_entries.refresh(session, seqs)
    return seqs
