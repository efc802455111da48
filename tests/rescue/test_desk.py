"""The desk's use cases, on a real runtime with a real relay and a real host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from db.database import Database
from db.states import ENDED, State, VideoState
from db.tables import GenerationRow
from services.errors import ConfirmationError, NotFoundError, StateError
from services.generations.report import as_report, maybe_charged
from services.generations.rescue import Charged
from services.runtime import ForPerson, Runtime
from tests.db.rows import NOW
from tests.jobs.relay import Relay
from tests.media.host import Host, refusing, serving
from tests.waiting import wait_until


@pytest.fixture
def me(run: Callable[..., Runtime], host: Host) -> ForPerson:
    """Someone whose downloads may reach `host`."""
    return run(media_allow=frozenset({("127.0.0.1", host.port)})).for_person("local")


@pytest.fixture
def text_only(me: ForPerson) -> str:
    """A generation that ended with words and no video."""
    sent = me.generations.submit("a lighthouse at dusk", nonce="n1")
    wait_until(lambda: me.generations.get(sent.id).state in ENDED)
    return sent.id


def becomes(tmp_path: Path, id: str, state: State, **values: object) -> None:
    """Write an ending as if a relay had brought it about."""
    database = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    with database.transaction() as session:
        session.execute(
            update(GenerationRow).where(GenerationRow.id == id).values(state=state, outcome=None, sent_at=NOW, **values)
        )
    database.close()


def settled(me: ForPerson, id: str) -> list[VideoState]:
    def all_over() -> bool:
        found = me.generations.get(id).videos
        return bool(found) and all(video.state in ("kept", "failed") for video in found)

    wait_until(all_over)
    return [video.state for video in me.generations.get(id).videos]


def test_a_pasted_link_becomes_the_video_of_the_original_row(
    me: ForPerson, text_only: str, host: Host, film: Path
) -> None:
    link = host.url("/live.mp4", serving(film.read_bytes()))
    before = me.generations.get(text_only)
    assert [one.id for one in me.rescue.page().items] == [text_only]

    reading = me.rescue.read(text_only, f"ready: {link}")
    attached = me.rescue.attach(text_only, f"ready: {link}", [one.resolved for one in reading.links])
    assert (attached.videos, attached.known) == (1, 0)
    assert settled(me, text_only) == [VideoState.KEPT]

    after = me.generations.get(text_only)
    assert (after.content, after.links, after.state) == (before.content, before.links, before.state)
    assert [paste.text for paste in me.rescue.pastes(text_only)] == [f"ready: {link}"]
    assert after.videos[0].paste_id == me.rescue.pastes(text_only)[0].id
    assert (me.rescue.count(), me.rescue.is_unhappy(text_only)) == (0, False)
    assert host.requests[0].headers.get("authorization") is None


def test_only_links_that_the_paste_holds_are_fetched(me: ForPerson, text_only: str, host: Host) -> None:
    attached = me.rescue.attach(text_only, "task_id: task-123456", [host.url("/x.mp4", refusing("404 No"))])

    assert (attached.videos, me.generations.get(text_only).videos) == (0, ())
    assert me.rescue.pastes(text_only)[0].task_ids == ("task-123456",)


def test_a_pasted_link_into_the_private_network_is_refused(me: ForPerson, text_only: str) -> None:
    link = "http://127.0.0.1:22/secret.mp4"
    me.rescue.attach(text_only, link, [link])

    assert settled(me, text_only) == [VideoState.FAILED]
    assert me.generations.get(text_only).videos[0].error_code == "video_address_refused"
    assert me.rescue.count() == 1


def test_the_same_link_again_is_tried_again(me: ForPerson, text_only: str, host: Host, film: Path) -> None:
    link = host.url("/late.mp4", refusing("404 Not Found"))
    me.rescue.attach(text_only, link, [link])
    assert settled(me, text_only) == [VideoState.FAILED]
    host.url("/late.mp4", serving(film.read_bytes()))

    assert me.rescue.attach(text_only, link, [link]).videos == 1
    wait_until(lambda: me.generations.get(text_only).videos[0].state == "kept")
    assert me.rescue.attach(text_only, link, [link]).known == 1
    assert len(me.generations.get(text_only).videos) == 1
    assert len(me.rescue.pastes(text_only)) == 3


def test_a_failed_video_is_fetched_again_from_the_desk(me: ForPerson, text_only: str, host: Host, film: Path) -> None:
    link = host.url("/late.mp4", refusing("404 Not Found"))
    me.rescue.attach(text_only, link, [link])
    settled(me, text_only)
    host.url("/late.mp4", serving(film.read_bytes()))

    assert me.rescue.fetch_again([text_only, "nobody-has-this"]) == 1
    wait_until(lambda: me.generations.get(text_only).videos[0].state == "kept")
    assert me.rescue.fetch_again([text_only]) == 0


def test_secrets_in_a_paste_are_never_stored(me: ForPerson, text_only: str, tmp_path: Path) -> None:
    me.rescue.attach(text_only, "curl -H 'Authorization: Bearer sk-canary-0123456789abcdef' https://a/b", [])

    assert "[redacted]" in me.rescue.pastes(text_only)[0].text
    assert not any(b"canary-0123" in path.read_bytes() for path in tmp_path.glob("dailies.db*"))


def test_someone_else_sees_and_changes_nothing(run: Callable[..., Runtime], text_only: str, me: ForPerson) -> None:
    other = run(executes=False).for_person("other").rescue

    assert other.count() == 0
    assert other.pastes(text_only) == []
    assert other.mark([text_only], Charged.YES) == other.dismiss([text_only]) == other.fetch_again([text_only]) == 0
    with pytest.raises(NotFoundError):
        other.read(text_only, "https://a.example/b.mp4")
    with pytest.raises(NotFoundError):
        other.attach(text_only, "https://a.example/b.mp4", [])
    assert other.send_again({text_only: "n"}, confirmed=True).refused == 1
    assert me.generations.get(text_only).charged is None


def test_an_answer_that_still_comes_takes_no_paste(me: ForPerson, relay: Relay) -> None:
    relay.gap_seconds = 0.2
    sent = me.generations.submit("still coming", nonce="n")
    with pytest.raises(StateError):
        me.rescue.attach(sent.id, "https://a.example/b.mp4", [])
    me.generations.cancel(sent.id)


def test_what_the_bill_says_is_what_the_report_says(me: ForPerson, text_only: str, tmp_path: Path) -> None:
    becomes(tmp_path, text_only, State.INCOMPLETE)
    said = []
    for charged in (Charged.NOT_SAID, Charged.NO, Charged.YES, Charged.NOT_SAID):
        me.rescue.mark([text_only], charged)
        row = me.generations.get(text_only)
        said.append((maybe_charged(row), as_report(row, lambda _: None)["maybe_charged"], row.charged_at is not None))

    assert said == [(True, True, False), (False, False, True), (True, True, True), (True, True, False)]


def test_several_are_sent_again_after_one_question(me: ForPerson, relay: Relay, tmp_path: Path) -> None:
    ids = [me.generations.submit(f"take {number}", nonce=f"n{number}").id for number in range(3)]
    wait_until(lambda: all(me.generations.get(id).state in ENDED for id in ids))
    becomes(tmp_path, ids[0], State.REJECTED)
    becomes(tmp_path, ids[1], State.UNKNOWN)
    becomes(tmp_path, ids[2], State.INCOMPLETE)
    tickets = {id: f"again-{id}" for id in ids}

    assert me.rescue.may_be_charged_twice(ids) == 2
    with pytest.raises(ConfirmationError):
        me.rescue.send_again(tickets)
    assert len(me.generations.newest(limit=9)) == 3
    sent = me.rescue.send_again(tickets, confirmed=True)
    assert me.rescue.send_again(tickets, confirmed=True).ids == sent.ids, "the same tickets send nothing more"
    assert (len(sent.ids), sent.refused) == (3, 0)
    assert [me.generations.get(id).parent_id for id in sent.ids] == ids
    wait_until(lambda: all(me.generations.get(id).state in ENDED for id in sent.ids))
    assert relay.posts == {f"take {number}": 2 for number in range(3)}
    assert [me.generations.get(id).dismissed_at is None for id in ids] == [False, True, True]


def test_what_was_not_charged_goes_again_without_a_question(me: ForPerson, text_only: str, tmp_path: Path) -> None:
    becomes(tmp_path, text_only, State.UNKNOWN)
    me.rescue.mark([text_only], Charged.NO)

    assert len(me.rescue.send_again({text_only: "again"}).ids) == 1


def test_done_with_is_off_the_desk_and_can_come_back(me: ForPerson, text_only: str) -> None:
    assert me.rescue.dismiss([text_only]) == 1
    assert me.rescue.count() == 0
    assert me.generations.get(text_only).content
    assert me.rescue.bring_back([text_only]) == 1
    assert me.rescue.count() == 1


def test_the_desk_goes_on_page_by_page(me: ForPerson, tmp_path: Path) -> None:
    ids = [me.generations.submit(f"page {number}", nonce=f"p{number}").id for number in range(5)]
    wait_until(lambda: all(me.generations.get(id).state in ENDED for id in ids))
    first = me.rescue.page(limit=2)
    second = me.rescue.page(limit=9, before_seq=first.next_seq)

    assert [one.id for one in (*first.items, *second.items)] == ids[::-1]
    assert second.next_seq is None
