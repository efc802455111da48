"""The trash gives everything back; what is deleted for ever is gone, but for its figures."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

from db import generations, rescue, videos
from db.database import Database
from db.records import Ending
from db.states import Outcome, State
from services.clock import utc_now
from services.library.browsing import Library, Shelf, View
from services.library.marks import Marks
from services.library.trash import DAYS, Trash, empty_due
from services.media.store import Store
from services.settings import Settings
from tests.db.rows import NOW, add
from tests.usage.told import everything


@pytest.fixture
def trash(database: Database, tmp_path: Path) -> Trash:
    return Trash("local", database, Settings(home=tmp_path))


def filmed(database: Database, home: Path, prompt: str = "a lighthouse", owner: str = "local") -> str:
    """Make a finished generation with a kept video and its files; return its id."""
    with database.transaction() as session:
        made = add(session, prompt, owner=owner)
        generations.claim(session, made.id, "w1", NOW)
        ending = Ending(state=State.DONE, outcome=Outcome.VIDEO, content="here it is", total_tokens=61)
        generations.end(session, made.id, "w1", ending, NOW)
        id = uuid.uuid4().hex
        videos.add(session, id=id, owner=owner, generation_id=made.id, source_url="https://x.example/a.mp4", at=NOW)
        videos.claim(session, id, "w1")
        videos.kept(
            session, id, sha256="0" * 64, media_type="video/mp4", size_bytes=3, duration_seconds=4.0, width=1, height=1,
            poster=True, at=NOW,
        )  # fmt: skip
    store = Store(home / "media")
    store.folder_of(id).mkdir(parents=True, exist_ok=True)
    kept = (store.video_path(id, "video/mp4"), store.poster_path(id))
    for path in (*kept, store.sheet_path(id), store.frame_path(id, 500, "png")):
        path.write_bytes(b"mp4")
    return made.id


def files(home: Path) -> list[Path]:
    return [path for path in (home / "media").rglob("*") if path.is_file()]


def ids(database: Database, **view: object) -> list[str]:
    return [card.id for card in Library("local", database).look(View(**view)).cards]  # type: ignore[arg-type]


def test_what_lies_in_the_trash_is_found_there_alone_and_comes_back_whole(
    database: Database, trash: Trash, tmp_path: Path
) -> None:
    made = filmed(database, tmp_path)
    Marks("local", database).rate(made, 5)
    assert trash.put([made]) == [made]
    assert trash.put([made]) == [], "it is there already"
    assert ids(database) == ids(database, text="lighthouse") == ids(database, text="rating:5") == []
    assert ids(database, shelf=Shelf.TRASH) == ids(database, text="lighthouse in:trash") == [made]
    assert ids(database, text="rating:5", shelf=Shelf.TRASH) == [made]
    with database.reading() as session:
        assert generations.page(session, "local", limit=5) == []
        assert generations.page(session, "local", limit=5, text="lighthouse") == []
        assert rescue.page(session, "local", limit=5) == []
    assert trash.take_back([made]) == [made]
    assert ids(database, text="lighthouse rating:5 has:video") == [made]
    assert ids(database, shelf=Shelf.TRASH) == []
    assert len(files(tmp_path)) == 4


def test_what_has_not_ended_or_is_anothers_is_not_thrown_away(database: Database, trash: Trash, tmp_path: Path) -> None:
    with database.transaction() as session:
        queued = add(session).id
    assert trash.put([queued, filmed(database, tmp_path, owner="ann")]) == []


def test_deleting_for_ever_says_how_much_takes_the_files_and_keeps_the_totals(
    database: Database, trash: Trash, tmp_path: Path
) -> None:
    gone, kept = filmed(database, tmp_path), filmed(database, tmp_path, "another lighthouse")
    before = everything(database)
    assert trash.delete_for_ever([gone]) == 0, "only what lies in the trash"
    trash.put([gone])
    amount = trash.amount()
    assert (amount.generations, amount.videos, amount.size_bytes) == (1, 1, 3)
    assert trash.delete_for_ever() == 1
    assert ids(database) == ids(database, text="lighthouse") == [kept]
    assert trash.take_back([gone]) == []
    assert len(files(tmp_path)) == 4
    assert everything(database) == before == (2, 2, 122)
    with database.reading() as session:
        assert generations.get(session, "local", gone) is None
        assert session.scalar(text("SELECT count(*) FROM videos")) == 1
        assert session.scalar(text("SELECT count(*) FROM search_entries")) == 1


def test_thirty_days_later_it_goes_by_itself(database: Database, trash: Trash, tmp_path: Path) -> None:
    old, young = filmed(database, tmp_path), filmed(database, tmp_path)
    trash.put([old, young])
    long_ago = utc_now() - dt.timedelta(days=DAYS, minutes=1)
    with database.transaction() as session:
        at = long_ago if database.dialect == "postgresql" else long_ago.replace(tzinfo=None).isoformat(" ")
        session.execute(text("UPDATE generations SET trashed_at = :at WHERE id = :id"), {"at": at, "id": old})

    assert empty_due(database, Settings(home=tmp_path)) == 1
    assert ids(database, shelf=Shelf.TRASH) == [young]


def test_more_than_one_part_goes_too(database: Database, trash: Trash, tmp_path: Path) -> None:
    made = [filmed(database, tmp_path) for _ in range(3)]
    with database.transaction() as session:
        more = [add(session, str(number)).id for number in range(120)]
        session.execute(text("UPDATE generations SET state = 'failed' WHERE state = 'queued'"))
    assert len(trash.put([*made, *more])) == 123

    assert trash.delete_for_ever() == 123
    assert files(tmp_path) == []
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM past_usage")) == 123
