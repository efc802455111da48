"""The play-off: where it stands follows from the verdicts, which are kept pair by pair and are nobody else's."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import generations, videos
from db.database import Database
from db.records import Generation
from db.verdicts import Verdict
from services.errors import NotFoundError
from services.library.playoff import PlayOff, standing
from services.prompts.desk import Desk, kept
from services.prompts.fields import Fields
from services.prompts.lessons import lessons
from tests.db.rows import NOW, add
from tests.library.some import NOW as THEN


@pytest.fixture
def takes(database: Database) -> list[Generation]:
    """Three takes with a video, of one look."""
    fields = kept(Desk(Fields(looks=("anime",))))
    with database.transaction() as session:
        made = [add(session, "a lighthouse", fields=fields) for _ in range(3)]
        for one in made:
            id = uuid.uuid4().hex
            videos.add(session, id=id, owner="local", generation_id=one.id, source_url="https://x.example/v", at=NOW)
            videos.claim(session, id, "w1")
            videos.kept(
                session, id, sha256="0" * 64, media_type="video/mp4", size_bytes=1000, duration_seconds=4.0, width=16,
                height=9, poster=False, at=NOW,
            )  # fmt: skip
        return made


@pytest.fixture
def play_off(database: Database) -> PlayOff:
    return PlayOff("local", database)


def test_the_winner_goes_on_until_all_have_played(play_off: PlayOff, takes: list[Generation]) -> None:
    one, two, three = takes
    entrants = play_off.entrants([three.id, "nobody", one.id, one.id, two.id])
    assert [each.id for each in entrants] == [three.id, one.id, two.id]

    assert play_off.look(entrants).pair == (three.seq, one.seq)
    play_off.judge(one.id, three.id)
    assert play_off.look(entrants).pair == (one.seq, two.seq)
    play_off.judge(two.id, one.id)
    now = play_off.look(entrants)

    assert (now.pair, now.winner, now.rounds) == (None, two.seq, 2)
    assert [(each.winner, each.loser) for each in now.judged] == [(one.seq, three.seq), (two.seq, one.seq)]


def test_a_verdict_can_be_taken_back_changed_and_given_reasons(play_off: PlayOff, takes: list[Generation]) -> None:
    one, two, _ = takes
    play_off.judge(one.id, two.id)
    play_off.why(play_off.look(takes).judged[0], ["text", "hands", "weather"])
    assert play_off.look(takes).judged[0].reasons == ("hands", "text"), "in our order, without what is no reason"
    play_off.judge(two.id, one.id)
    (last,) = play_off.look(takes[:2]).judged
    assert (last.winner, last.reasons) == (two.seq, ()), "the last word on a pair counts, and its reasons are new"
    play_off.take_back(last)
    assert play_off.look(takes).pair == (one.seq, two.seq)
    with pytest.raises(NotFoundError):
        play_off.why(last, ["hands"])


def test_beginning_anew_forgets_these_and_no_others(play_off: PlayOff, takes: list[Generation]) -> None:
    one, two, three = takes
    play_off.judge(one.id, two.id)
    play_off.judge(two.id, three.id)
    play_off.begin_anew([one, two])

    assert play_off.look([one, two]).judged == ()
    assert len(play_off.look([two, three]).judged) == 1


def test_nobody_judges_what_is_not_theirs(database: Database, play_off: PlayOff, takes: list[Generation]) -> None:
    stranger = PlayOff("ann", database)
    play_off.judge(takes[0].id, takes[1].id)

    assert stranger.entrants([one.id for one in takes]) == []
    for pair in ((takes[0].id, takes[1].id), (takes[0].id, takes[0].id)):
        with pytest.raises(NotFoundError):
            stranger.judge(*pair)
    stranger.begin_anew(takes)
    assert len(play_off.look(takes).judged) == 1
    assert stranger.told() == ()


def test_reasons_become_lessons_of_their_look_and_go_with_the_generation(
    database: Database, play_off: PlayOff, takes: list[Generation]
) -> None:
    one, two, three = takes
    for loser in (two, three):
        play_off.judge(one.id, loser.id)
        play_off.why(play_off.look([one, loser]).judged[0], ["hands"])
    (lesson,) = lessons(play_off.told(), Fields(looks=("anime",)), "en")
    assert (lesson.reason.id, lesson.count, lesson.of_looks) == ("hands", 2, True)

    with database.transaction() as session:
        generations.cancel_waiting(session, "local", three.id, NOW)
        session.delete(session.get_one(*_row(three)))
    assert len(play_off.told()) == 1


def _row(one: Generation) -> tuple[type, int]:
    from db.tables import GenerationRow

    return GenerationRow, one.seq


@given(st.integers(0, 7), st.randoms(use_true_random=False))
def test_any_verdicts_end_after_one_round_less_than_there_are(count: int, chance: object) -> None:
    seqs = list(range(1, count + 1))
    said: list[Verdict] = []
    for _ in range(count):
        now = standing(seqs, said)
        if now.pair is None:
            break
        pair = list(now.pair)
        chance.shuffle(pair)  # type: ignore[attr-defined]
        said.append(Verdict(pair[0], pair[1], (), THEN))
    now = standing(seqs, said)
    assert now.pair is None
    assert len(said) == max(0, count - 1)
    assert now.winner == (said[-1].winner if said else (1 if count else None))
