"""Faults of the process: killed at each point, out of memory, told to stop, its clock set, and two at once."""

from __future__ import annotations

import json
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from db.database import Database
from db.states import State, VideoState
from services.generations import Generation
from services.runtime import ForPerson
from tests.fault_server import Call, FaultServer
from tests.fault_server.net import nobody_answers
from tests.fault_server.streams import USAGE
from tests.faults.house import House, lost
from tests.faults.means import WORDS, Minute, submit
from tests.faults.results import judged
from tests.faults.shed import Shed, in_house, killed, settled, shed
from tests.faults.stores import made, result, server
from tests.faults.telling import unsaved
from tests.media import host as hosts
from tests.waiting import wait_until

__all__ = ["made", "server"]
DIE_AT = """
import os, signal, sys
from sqlalchemy import Engine, event
from db.database import Database
left = [int(sys.argv[1]) if len(sys.argv) > 1 else {at}]

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    if statement.lstrip().upper().startswith(("CREATE", "INSERT", "ALTER", "DROP")):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

Database({url!r}).upgrade()
"""


@pytest.fixture(scope="module", autouse=True)
def minute(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Minute | None]:
    """Begin at once what takes a minute, if it was asked for: the tests of this file last as long."""
    asked = any(item.name == test_a_lock_of_a_minute_is_sat_out.__name__ for item in request.session.items)
    thread = Minute(tmp_path_factory.mktemp("minute")) if asked else None
    if thread:
        thread.start()
    yield thread
    if thread:
        thread.close()


def url_of(one: Shed) -> str:
    return f"sqlite:///{one.home / 'dailies.db'}"


def whole(one: Shed) -> bool:
    """Tell whether SQLite finds nothing wrong with the file."""
    with closing(sqlite3.connect(one.home / "dailies.db")) as connection:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]


def after_restart(one: Shed, me: ForPerson, generation: Generation) -> Generation:
    """Start the worker again and see what it makes of what was in flight."""
    one.worker()
    return settled(me, generation)


@contextmanager
def written_to(file: Path) -> Iterator[None]:
    """Hold the write lock, so that nobody else commits."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def test_killed_after_the_row_and_before_the_post_it_waits_its_turn(made: Shed, house: House) -> None:
    code = """
import os, signal
from services.runtime import start
from services.settings import Settings
me = start(Settings.from_environment(), executes=False).for_person("local")
me.generations.submit("insert: a paper boat", nonce="insert")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert made.begin(code=code).wait(60) == -signal.SIGKILL
    me = made.me()
    (waiting,) = me.generations.unfinished()
    judged(in_house(house, me).result("kill9-after-insert-before-post", waiting, made.server))
    assert (waiting.prompt, made.server.posts) == ("insert: a paper boat", 0)
    assert after_restart(made, me, waiting).state is State.DONE
    assert made.server.posts == 1


def test_killed_while_it_dials_it_is_not_sent_again(made: Shed, house: House) -> None:
    """The row says sending before a byte has left; the endpoint does not take the call yet."""
    with nobody_answers() as base_url:
        stuck = replace(made, limits={**made.limits, "DAILIES_BASE_URL": base_url})
        me = stuck.me()
        sent = submit(me, "sending")
        worker = stuck.worker()
        wait_until(lambda: me.generations.get(sent.id).state is State.SENDING)
        killed(worker)
        told = after_restart(stuck, me, sent)
    judged(in_house(house, me).result("kill9-after-sending-mark", told, made.server))
    assert told.state is State.UNKNOWN


def test_killed_before_the_headers_it_is_unclear(made: Shed, house: House) -> None:
    made.server.plays("up-no-headers-at-all")
    me = made.me()
    sent, worker = submit(me, "headers"), made.worker()
    wait_until(lambda: made.server.posts == 1)
    killed(worker)
    told = after_restart(made, me, sent)
    judged(in_house(house, me).result("kill9-in-headers", told, made.server))
    assert told.state is State.UNKNOWN


@pytest.mark.parametrize("id", ["kill9-mid-stream", "oom-kill"])
def test_killed_while_it_streams_it_keeps_what_came(id: str, made: Shed, house: House) -> None:
    """The kernel's answer to want of memory is this very signal; the process cannot tell the two apart."""
    made.server.plays("up-stall-mid-stream", text=WORDS)
    me = made.me()
    sent, worker = submit(me, id), made.worker()
    wait_until(lambda: len(made.server.sent_pieces) == 4)
    wait_until(lambda: made.server.sent_pieces[-1] in str(me.generations.raw(sent.id)))
    killed(worker)
    told = after_restart(made, me, sent)
    judged(in_house(house, me).result(id, told, made.server))
    assert (told.state, told.content) == (State.INCOMPLETE, made.server.sent_text)


def test_killed_between_done_and_the_last_commit_it_keeps_what_came(made: Shed, house: House) -> None:
    go = threading.Event()

    def play(call: Call) -> None:
        call.head()
        call.deltas()
        go.wait(60)
        call.finish(usage=USAGE)
        call.hold()

    made.server.plays(play, text=WORDS)
    me = made.me()
    sent, worker = submit(me, "done"), made.worker()
    wait_until(lambda: made.server.sent_text == WORDS)
    wait_until(lambda: made.server.sent_pieces[-1] in str(me.generations.raw(sent.id)))
    with written_to(made.home / "dailies.db"):
        go.set()
        wait_until(lambda: made.server.hung_up_at is not None)
        killed(worker)
    told = after_restart(made, me, sent)
    judged(in_house(house, me).result("kill9-after-done-before-final-commit", told, made.server))
    assert (told.state, told.content) == (State.INCOMPLETE, WORDS)


@pytest.mark.parametrize("id", ["kill9-while-downloading", "video-kill-9-mid-download"])
def test_killed_while_it_downloads_it_begins_anew(id: str, tmp_path: Path, house: House) -> None:
    link = house.host.url(f"/{id}.mp4", hosts.claiming(len(house.film), house.film[:700], stalls=True))
    said = f"[▶️ 观看]({link})\n"
    with FaultServer(text=said) as server, shed(tmp_path, server, media_allow=f"127.0.0.1:{house.host.port}") as made:
        me = made.me()
        sent, worker = submit(me, id), made.worker()
        wait_until(lambda: list(made.home.rglob("*.part")))
        assert settled(me, sent).state is State.DONE
        killed(worker)
        left = me.generations.get(sent.id)
        if id.startswith("video-"):
            house.host.url(f"/{id}.mp4", hosts.refusing("404 Not Found"))
        else:
            house.host.url(f"/{id}.mp4", hosts.serving(house.film))
        wanted = VideoState.FAILED if id.startswith("video-") else VideoState.KEPT
        made.worker()
        wait_until(lambda: me.generations.get(sent.id).videos[0].state is wanted)
        told = me.generations.get(sent.id)
        outcome = "done; video none" if id.startswith("video-") else "done"
        judged(in_house(house, me).result(id, told, server, outcome))
        assert left.videos[0].state is VideoState.FETCHING
        assert list(made.home.rglob("*.part*")) == []


@pytest.mark.parametrize("id", ["kill9-in-migration", "db-migration-killed"])
def test_a_migration_that_is_killed_leaves_nothing_or_everything(id: str, made: Shed, house: House) -> None:
    made.home.mkdir()
    for at in (3, 9, 17) if id == "db-migration-killed" else (6,):
        code = DIE_AT.format(at=at, url=url_of(made))
        assert made.begin(code=code).wait(60) == -signal.SIGKILL
        with closing(sqlite3.connect(made.home / "dailies.db")) as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    me = made.me()
    sent = submit(me, id)
    told = after_restart(made, me, sent)
    judged(in_house(house, me).result(id, told, made.server))
    assert whole(made)
    assert [found.id for found in me.library.page(text="lighthouse").items] == [sent.id], "searching works"


def test_a_backup_that_is_killed_harms_nothing(made: Shed, house: House) -> None:
    me = made.me()
    sent = submit(me, "backup")
    told = after_restart(made, me, sent)
    with closing(sqlite3.connect(made.home / "dailies.db")) as connection:
        connection.execute("CREATE TABLE weight (bytes BLOB)")
        for _ in range(40):
            connection.execute("INSERT INTO weight VALUES (randomblob(1048576))")
            connection.commit()
    target = made.home.parent / "copy.db"
    code = f"from pathlib import Path\nfrom db.database import Database\nfile = Path({str(target)!r})\n"
    code += f"Database({url_of(made)!r}).backup(file)"
    backup = made.begin(code=code)
    wait_until(lambda: target.exists() or target.with_name("copy.db-journal").exists())
    killed(backup)
    judged(in_house(house, me).result("kill9-in-backup", me.generations.get(sent.id), made.server))
    assert told.state is State.DONE
    assert whole(made)
    again = made.home.parent / "again.db"
    store = Database(url_of(made))
    store.backup(again)
    store.close()
    with closing(sqlite3.connect(again)) as connection:
        assert connection.execute("SELECT content FROM generations").fetchall() == [(WORDS,)]


def test_told_to_stop_it_saves_what_it_has_and_goes(made: Shed, house: House) -> None:
    made.server.plays("up-stall-mid-stream", text=WORDS)
    me = made.me()
    sent, worker = submit(me, "sigterm"), made.worker()
    wait_until(lambda: len(made.server.sent_pieces) == 4)
    wait_until(lambda: me.generations.raw(sent.id))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    told = me.generations.get(sent.id)
    judged(in_house(house, me).result("sigterm-mid-stream", told, made.server))
    assert (told.state, told.error_code) == (State.INCOMPLETE, "shutdown")


@pytest.mark.parametrize(
    ("id", "seconds"), [("clock-jumps-2-h-back", -7200), ("clock-jumps-1-day-ahead", 86400)], ids=["back", "ahead"]
)
def test_a_clock_that_is_set_ends_nothing_and_disorders_nothing(
    id: str, seconds: int, tmp_path: Path, house: House
) -> None:
    """Limits of 30 s idle and 60 s in all would be over at once, if they went by the time of day."""
    limits = {"idle_seconds": "30", "total_seconds": "60"}
    with FaultServer(text=WORDS[:140], delay=0.1) as server, shed(tmp_path, server, **limits) as made:
        me = made.me()
        before = submit(me, f"{id} before")
        made.worker("tests.faults.jumping")
        wait_until(lambda: me.generations.raw(before.id))
        (tmp_path / "jump").write_text(str(seconds))
        told = settled(me, before)
        after = submit(me, f"{id} after")
        assert settled(me, after).state is State.DONE
        result = in_house(house, me).result(id, told, server)
        judged(replace(result, posts=most_posts(server), lost_text=lost([WORDS[:140]], told.content)))
        assert abs((told.ended_at or told.created_at) - told.created_at).total_seconds() > 3600, "it did jump"
        assert [one.id for one in me.generations.newest()] == [after.id, before.id]


def most_posts(server: FaultServer) -> int:
    """Return how often the one generation was POSTed that was POSTed most."""
    return max(Counter(request.headers["idempotency-key"] for request in server.requests).values())


def test_two_processes_on_one_folder_send_each_once(made: Shed, house: House) -> None:
    me = made.me()
    sent = [submit(me, f"two {number}") for number in range(8)]
    made.worker()
    made.worker()
    told = [settled(me, one) for one in sent]
    result = in_house(house, me).result("two-processes-one-db", told[0], made.server)
    judged(replace(result, posts=most_posts(made.server), lost_text=any(one.content != WORDS for one in told)))
    assert {one.state for one in told} == {State.DONE}
    assert made.server.posts == len(sent)
    prompts = Counter(json.loads(request.body)["messages"][0]["content"] for request in made.server.requests)
    assert set(prompts.values()) == {1}


def test_a_lock_of_a_minute_is_sat_out(minute: Minute | None) -> None:
    assert minute is not None
    minute.join(150)
    assert minute.problem is None
    assert minute.told is not None
    judged(result("db-locked-60-s", str(minute.told.state), unsaved("store_locked"), minute.told, minute.server))
    assert (minute.unsaved, minute.told.content) == (True, WORDS)
