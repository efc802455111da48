"""What is unhappy, whose it is, and what a person may say about it, on both stores."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text, update

from db import generations, link_lives, pastes, rescue, videos
from db.database import Database
from db.states import Outcome, State, VideoState
from db.tables import GenerationRow, VideoRow
from tests.db.rows import NOW, add


def made(database: Database, state: State, videos_in: tuple[str, ...] = (), **changes: Any) -> str:
    """Insert a generation in a state, with a video in each of these states ("brought": kept from a paste)."""
    with database.transaction() as session:
        id = add(session, owner=changes.pop("owner", "local")).id
        session.execute(update(GenerationRow).where(GenerationRow.id == id).values(state=state, **changes))
        owner = session.query(GenerationRow.owner).filter(GenerationRow.id == id).scalar()
        for number, video_state in enumerate(videos_in):
            video = videos.add(
                session,
                id=f"{id[:20]}{number}",
                owner=owner or "",
                generation_id=id,
                source_url=f"https://cdn.example/{number}.mp4",
                at=NOW,
                paste_id="p" if video_state == "brought" else None,
            )
            stored = VideoState.KEPT if video_state == "brought" else VideoState(video_state)
            session.execute(update(VideoRow).where(VideoRow.id == video.id).values(state=stored))
    return id


def unhappy(database: Database, owner: str = "local") -> list[str]:
    with database.reading() as session:
        return [one.id for one in rescue.page(session, owner, limit=50)]


VIDEO = {"outcome": Outcome.VIDEO}
CASES: list[tuple[State, tuple[str, ...], dict[str, Any], bool]] = [
    *((State(word), (), {}, True) for word in ("failed", "rejected", "unknown", "incomplete", "not_sent")),
    *((State(word), (), {}, False) for word in ("held", "queued", "sending", "streaming", "cancelled")),
    (State.CANCELLED, (), {"sent_at": NOW}, True),
    *((State.DONE, (), {"outcome": outcome}, True) for outcome in ("link", "text", "none", "refused")),
    (State.DONE, ("kept",), VIDEO, False),
    (State.DONE, ("pending",), VIDEO, False),
    (State.DONE, ("fetching",), VIDEO, False),
    (State.DONE, ("failed",), VIDEO, True),
    (State.DONE, ("kept", "failed"), VIDEO, True),
    (State.DONE, ("failed", "brought"), VIDEO, False),
    (State.INCOMPLETE, ("kept",), {}, False),
    (State.INCOMPLETE, ("failed",), {}, True),
    (State.FAILED, ("brought",), {}, False),
    (State.STREAMING, ("failed",), {}, False),
    (State.FAILED, (), {"dismissed_at": NOW}, False),
    (State.DONE, ("failed",), {**VIDEO, "dismissed_at": NOW}, False),
]


def test_the_desk_holds_what_is_unhappy_and_nothing_else(database: Database) -> None:
    expected = []
    for state, kept, changes, wants in CASES:
        id = made(database, state, kept, **changes)
        expected += [id] if wants else []
        with database.reading() as session:
            assert rescue.is_unhappy(session, "local", id) is wants, (state, kept, changes)
    made(database, State.FAILED, owner="someone")

    assert unhappy(database) == expected[::-1]
    with database.reading() as session:
        assert rescue.count(session, "local", at_most=100) == len(expected)
        assert rescue.count(session, "local", at_most=3) == 3
        first = rescue.page(session, "local", limit=4)
        rest = rescue.page(session, "local", before_seq=first[-1].seq, limit=50)
    assert [one.id for one in (*first, *rest)] == expected[::-1]


def test_nobody_touches_what_is_someone_elses(database: Database) -> None:
    id = made(database, State.FAILED, ("failed",))
    with database.transaction() as session:
        assert not rescue.set_charged(session, "other", id, True, NOW)
        assert rescue.dismiss(session, "other", [id], NOW) == 0
        assert rescue.bring_back(session, "other", [id]) == 0
        assert videos.retry_all(session, "other", [id]) == 0
        assert pastes.of(session, "other", id) == []
        assert not rescue.is_unhappy(session, "other", id)
    assert unhappy(database, "other") == []


def test_the_bill_has_three_answers_and_each_is_news_once(database: Database) -> None:
    id = made(database, State.INCOMPLETE)
    told = []
    for charged in (True, True, False, None, None):
        with database.transaction() as session:
            told.append(rescue.set_charged(session, "local", id, charged, NOW))
        with database.reading() as session:
            row = generations.get(session, "local", id)
        assert row is not None
        assert (row.charged, row.charged_at) == (charged, None if charged is None else NOW)
    assert told == [True, False, True, True, False]


@pytest.mark.parametrize("state", [State.HELD, State.QUEUED, State.SENDING, State.STREAMING])
def test_what_has_not_ended_cannot_be_judged(database: Database, state: State) -> None:
    id = made(database, state)
    with database.transaction() as session:
        assert not rescue.set_charged(session, "local", id, False, NOW)
        assert rescue.dismiss(session, "local", [id], NOW) == 0


def test_what_is_dismissed_comes_back(database: Database) -> None:
    ids = [made(database, State.FAILED) for _ in range(3)]
    with database.transaction() as session:
        assert rescue.dismiss(session, "local", ids, NOW) == 3
        assert rescue.dismiss(session, "local", ids, NOW) == 0
    assert unhappy(database) == []
    with database.transaction() as session:
        assert rescue.bring_back(session, "local", ids[:2]) == 2
    assert unhappy(database) == [ids[1], ids[0]]


def test_all_failed_videos_go_back_in_line_and_no_other(database: Database) -> None:
    id = made(database, State.DONE, ("failed", "kept", "failed", "fetching"))
    with database.transaction() as session:
        assert videos.retry_all(session, "local", [id]) == 2
        assert [video.state for video in videos.of(session, id)] == ["pending", "kept", "pending", "fetching"]


def test_pastes_are_kept_apart_newest_first(database: Database) -> None:
    id = made(database, State.FAILED)
    for number in range(2):
        with database.transaction() as session:
            link = {"url": "https://a/b.mp4", "resolved": "https://a/b.mp4", "kind": "video"}
            pastes.add(
                session, id=f"p{number}", owner="local", generation_id=id, text=f"看 {number}", links=[link],
                task_ids=["t"], at=NOW,
            )  # fmt: skip
    with database.reading() as session:
        found = pastes.of(session, "local", id)
        row = generations.get(session, "local", id)
    assert [(one.text, one.task_ids, one.links[0]["kind"]) for one in found] == [
        ("看 1", ("t",), "video"),
        ("看 0", ("t",), "video"),
    ]
    assert row is not None
    assert (row.content, row.links) == ("", ())


def test_the_life_of_a_link_is_told_once_and_ends_once(database: Database) -> None:
    def worked(at: dt.datetime) -> None:
        with database.transaction() as session:
            link_lives.note_working(
                session, video_id="v1", owner="local", host="cdn.example", first_seen=NOW, at=at, expires_at=None,
                next_look_at=at,
            )  # fmt: skip

    later = [NOW + dt.timedelta(minutes=minutes) for minutes in (1, 2, 3, 4)]
    worked(later[0])
    worked(later[1])
    with database.transaction() as session:
        assert [life.last_ok for life in link_lives.due(session, later[1], 5)] == [later[1]]
        assert link_lives.watched(session, "local", "cdn.example") == 1
        assert link_lives.of_host(session, "local", "cdn.example", 5) == []
        assert link_lives.note_gone(session, "v1", later[2])
        assert not link_lives.note_gone(session, "v1", later[3])
        assert not link_lives.note_look(session, "v1", later[3], None)
        assert not link_lives.note_gone(session, "never-worked", later[3])
    with database.reading() as session:
        life = link_lives.of_host(session, "local", "cdn.example", 5)[0]
        assert (life.first_seen, life.last_ok, life.gone_at) == (NOW, later[1], later[2])
        assert link_lives.of_host(session, "other", "cdn.example", 5) == []
        assert link_lives.due(session, later[3], 5) == []


def test_counting_the_unhappy_among_many_reads_no_others(tmp_path: Any) -> None:
    """A plan on SQLite: the happy rows of a large library are never touched."""
    database = Database(f"sqlite:///{tmp_path / 'd.db'}")
    database.upgrade()
    asked = rescue._unhappy("local", newest=100).compile(compile_kwargs={"literal_binds": True})
    with database.reading() as session:
        plan = " ".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}")))
    database.close()
    assert "ix_generations_unhappy (owner=?)" in plan
    assert "ix_videos_failed (owner=?)" in plan
    assert not [name for name in ("SCAN generations", "ix_videos_state", "ix_generations_owner") if name in plan]
