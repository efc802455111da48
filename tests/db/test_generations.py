"""A generation's life in the store."""

from __future__ import annotations

import datetime as dt

from db import deltas, generations, raw, videos
from db.database import Database
from db.records import Ending, Generation
from db.states import Outcome, State
from tests.db.rows import NOW, add


def _streaming(database: Database, worker: str = "w1", **changes: object) -> Generation:
    with database.transaction() as session:
        made = add(session, **changes)  # type: ignore[arg-type]
        assert generations.claim(session, made.id, worker, NOW)
        assert generations.mark_streaming(session, made.id, worker, 200, NOW)
    return made


def test_the_same_nonce_makes_one_generation(database: Database) -> None:
    with database.transaction() as session:
        first = add(session, nonce="n", prompt="one")
    with database.transaction() as session:
        again = add(session, nonce="n", prompt="two")
        other = add(session, nonce="n", prompt="three", owner="ann")
    assert again == first
    assert other.id != first.id


def test_a_claim_is_won_once(database: Database) -> None:
    with database.transaction() as session:
        made = add(session)
        claimed = generations.claim(session, made.id, "w1", NOW)
        assert claimed is not None
        assert (claimed.state, claimed.worker, claimed.sent_at) == (State.SENDING, "w1", NOW)
        assert generations.claim(session, made.id, "w1", NOW) is None


def test_a_generation_of_one_worker_is_claimed_by_no_other(database: Database) -> None:
    with database.transaction() as session:
        made = add(session, worker="cli-1")
        assert generations.claim(session, made.id, "w1", NOW) is None
        assert generations.waiting(session, 10) == []
        assert generations.claim(session, made.id, "cli-1", NOW)


def test_the_end_keeps_everything_and_leaves_no_pieces(database: Database) -> None:
    made = _streaming(database)
    with database.transaction() as session:
        deltas.append(
            session.connection(),
            [(made.seq, "r", "hm "), (made.seq, "c", "ok")],
            [(made.seq, 0.5, b"ab"), (made.seq, 1.5, b"c")],
        )
    with database.reading() as session:
        assert [row[1:] for row in deltas.load(session, made.seq, 0)] == [("r", "hm "), ("c", "ok")]
        assert deltas.joined(session, made.seq) == ("ok", "hm ")
    ending = Ending(
        state=State.DONE,
        outcome=Outcome.VIDEO,
        content="ok 视频完成",
        reasoning="hm ",
        progress=(1, 100),
        links=({"url": "https://v.example/a.mp4"},),
        total_tokens=5,
        content_type="text/event-stream",
    )
    with database.transaction() as session:
        assert not generations.end(session, made.id, "w2", ending, NOW)
        assert generations.end(session, made.id, "w1", ending, NOW)
        assert not generations.end(session, made.id, "w1", ending, NOW)
    with database.reading() as session:
        kept = generations.get(session, "local", made.id)
        assert kept is not None
        assert (kept.state, kept.outcome, kept.content, kept.progress) == (
            State.DONE,
            Outcome.VIDEO,
            "ok 视频完成",
            (1, 100),
        )
        assert (kept.http_status, kept.prompt_tokens, kept.total_tokens, kept.ended_at) == (200, None, 5, NOW)
        assert deltas.load(session, made.seq, 0) == []
        response = raw.load(session, "local", made.id)
        assert response is not None
        assert (response.data, response.arrivals) == (b"abc", ((0, 0.5), (2, 1.5)))
        assert raw.load(session, "ann", made.id) is None
        assert [row.id for row in generations.page(session, "local", limit=5, text="视频 light")] == [made.id]


def test_many_end_in_one_go_each_by_its_own_worker_with_its_own_words(database: Database) -> None:
    mine, others, over = _streaming(database), _streaming(database, "w2"), _streaming(database)
    with database.transaction() as session:
        for made in (mine, others, over):
            raws = [(made.seq, 0.5, made.id.encode())] if made is not mine else []
            deltas.append(session.connection(), [(made.seq, "c", "piece")], raws)
        assert generations.end(session, over.id, "w1", Ending(state=State.CANCELLED), NOW)

    def finish(made: Generation, content: str) -> generations.End:
        return generations.End(made.id, "w1", Ending(state=State.DONE, content=content, content_type="x/y"), NOW)

    told = [finish(mine, "a bridge"), finish(others, "a windmill"), finish(over, "a castle")]
    with database.transaction() as session:
        assert generations.end_all(session, told) == [True, False, False]
        assert generations.end_all(session, []) == []
        assert generations.end_all(session, [generations.End(others.id, "w2", told[1].ending, NOW)]) == [True]
    with database.reading() as session:
        kept = {row.id: row for row in generations.page(session, "local", limit=9)}
        assert [kept[one.id].content for one in (mine, others, over)] == ["a bridge", "a windmill", ""]
        assert [deltas.load(session, one.seq) for one in (mine, others, over)] == [[], [], []]
        assert raw.load(session, "local", mine.id) is None
        response = raw.load(session, "local", others.id)
        assert response is not None
        assert (response.data, response.content_type) == (others.id.encode(), "x/y")
        for words, found in (("bridge", [mine.id]), ("windmill", [others.id]), ("castle", [])):
            assert [row.id for row in generations.page(session, "local", limit=5, text=words)] == found


def test_a_dead_workers_streams_keep_their_text_and_its_neighbours_go_on(database: Database) -> None:
    streaming, neighbour = _streaming(database), _streaming(database, "w2")
    with database.transaction() as session:
        sending, picked = add(session), add(session, worker="w1")
        generations.claim(session, sending.id, "w1", NOW)
        deltas.append(
            session.connection(),
            [(streaming.seq, "c", "半"), (streaming.seq, "c", "句话")],
            [(streaming.seq, 1.0, b"x")],
        )
        reasons = {State.UNKNOWN: ("lost", "gone"), State.INCOMPLETE: ("cut", "off")}
        assert generations.abandon(session, "w1", NOW, reasons=reasons) == [streaming.id, sending.id]
    with database.reading() as session:
        kept = {row.id: row for row in generations.page(session, "local", limit=9)}
        assert generations.page(session, "local", limit=9, text="句话")[0].id == streaming.id
        assert generations.waiting(session, 9)[0].id == picked.id
    assert (kept[streaming.id].state, kept[streaming.id].content) == (State.INCOMPLETE, "半句话")
    assert (kept[sending.id].state, kept[sending.id].error_code) == (State.UNKNOWN, "lost")
    assert kept[neighbour.id].state is State.STREAMING


def test_what_an_abandoned_text_says_can_be_added_but_not_its_state(database: Database) -> None:
    made = _streaming(database)
    reading = Ending(state=State.DONE, links=({"url": "https://v.example/a.mp4"},), progress=(40,))
    with database.transaction() as session:
        assert not generations.note_reading(session, made.id, reading)
        generations.abandon(session, "w1", NOW)
        assert generations.note_reading(session, made.id, reading)
        kept = generations.get(session, "local", made.id)
    assert kept is not None
    assert (kept.state, kept.progress, len(kept.links)) == (State.INCOMPLETE, (40,), 1)


def test_cancelling_reaches_only_ones_own(database: Database) -> None:
    live = _streaming(database)
    with database.transaction() as session:
        queued, held, foreign = add(session), add(session, state=State.HELD), add(session, owner="ann")
        assert not generations.cancel_waiting(session, "ann", queued.id, NOW)
        assert generations.cancel_waiting(session, "local", queued.id, NOW)
        assert not generations.cancel_waiting(session, "local", live.id, NOW)
        assert generations.cancel_all_waiting(session, "local", NOW) == 1
        assert not generations.request_cancel(session, "ann", live.id)
        assert not generations.request_cancel(session, "local", held.id)
        assert generations.request_cancel(session, "local", live.id)
        assert generations.cancel_requests(session, "w1") == [live.id]
        assert generations.get(session, "local", foreign.id) is None
        assert generations.get(session, "ann", foreign.id) is not None


def test_the_line_is_served_in_order_and_one_may_be_put_first(database: Database) -> None:
    with database.transaction() as session:
        ids = [add(session).id for _ in range(3)]
        assert [row.id for row in generations.waiting(session, 10)] == ids
        assert not generations.to_front(session, "ann", ids[2])
        assert generations.to_front(session, "local", ids[2])
        assert generations.to_front(session, "local", ids[1])
        assert [row.id for row in generations.waiting(session, 2)] == [ids[1], ids[2]]
        assert generations.admit(session, ids[1], NOW)
        assert not generations.admit(session, ids[1], NOW)
        assert [row.id for row in generations.waiting(session, 10)] == [ids[2], ids[0]]
        assert [(row.id, row.state) for row in generations.admitted(session)] == [(ids[1], State.QUEUED)]
        assert generations.unadmit(session, ids[1])
        assert generations.admitted(session) == []
        assert [row.id for row in generations.unfinished(session, "local")] == [ids[1], ids[2], ids[0]]


def test_what_is_held_is_known_until_it_is_released(database: Database) -> None:
    later = NOW + dt.timedelta(seconds=8)
    with database.transaction() as session:
        held = add(session, state=State.HELD, release_at=later)
        assert [(one.id, one.created_at, one.release_at) for one in generations.held(session)] == [
            (held.id, NOW, later)
        ]
        assert generations.release(session, held.id)
        assert not generations.release(session, held.id)
        assert generations.held(session) == []


def test_pages_follow_one_another_without_gap_or_repeat(database: Database) -> None:
    with database.transaction() as session:
        made = [add(session, f"scene {n} 城市夜景", state=State.DONE if n % 3 else State.FAILED).id for n in range(20)]
        add(session, "scene of another 城市", owner="ann")
    for text in (None, "scene 市夜"):
        for states in (None, {State.DONE}):
            with database.reading() as session:
                seen: list[Generation] = []
                while rows := generations.page(
                    session, "local", before_seq=seen[-1].seq if seen else None, limit=3, text=text, states=states
                ):
                    seen += rows
            wanted = [id for n, id in enumerate(made) if states is None or n % 3]
            assert [row.id for row in seen] == wanted[::-1]


def test_a_video_is_fetched_by_one_and_kept(database: Database) -> None:
    url = "https://v.example/" + "x" * 4000
    with database.transaction() as session:
        made = add(session)
        video = videos.add(session, id="v1", owner="local", generation_id=made.id, source_url=url, at=NOW)
        assert videos.add(session, id="v2", owner="local", generation_id=made.id, source_url=url, at=NOW) == video
        claimed = videos.claim(session, "v1", "w1")
        assert claimed is not None
        assert claimed.attempts == 1
        assert videos.claim(session, "v1", "w2") is None
        assert videos.pending(session) == []
        assert videos.pending(session, ["w1"]) == ["v1"]
        assert videos.failed(session, "v1", "video_timeout", "slow")
        assert not videos.retry(session, "ann", "v1")
        assert videos.retry(session, "local", "v1")
        assert videos.claim(session, "v1", "w2")
        assert videos.abandon(session, "w2") == ["v1"]
        assert videos.claim(session, "v1", "w1")
        assert videos.kept(
            session,
            "v1",
            sha256="0" * 64,
            media_type="video/mp4",
            size_bytes=9,
            duration_seconds=1.5,
            width=640,
            height=360,
            poster=True,
            at=NOW,
        )
        assert videos.claim(session, "v1", "w1") is None
        assert videos.get(session, "ann", "v1") is None
        kept = generations.get(session, "local", made.id)
        assert kept is not None
        assert [(one.state, one.poster, one.attempts) for one in kept.videos] == [("kept", True, 3)]
