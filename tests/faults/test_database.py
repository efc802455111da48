"""Faults of the disk and of who may write: nothing is sent that could not be kept, nothing that came is lost."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.states import State
from services.errors import DiskFullError, StoreError
from services.runtime import start
from services.settings import Settings
from services.trouble import store_error
from tests.fault_server import FaultServer
from tests.faults.house import House
from tests.faults.means import WORDS, Gate, bound_by_permissions, fill, half_arrived, locked, small_disk, submit
from tests.faults.results import judged
from tests.faults.shed import PROJECT, Shed, in_house, settled, shed
from tests.faults.stores import done_once, made, result, server
from tests.faults.telling import explained, unsaved
from tests.waiting import wait_until

__all__ = ["made", "server"]


def test_a_full_disk_refuses_before_and_waits_in_the_middle(tmp_path: Path, server: FaultServer, house: House) -> None:
    gate = Gate()
    server.plays(gate)
    with small_disk(tmp_path / "disk", 24), shed(tmp_path / "disk", server) as made, ExitStack() as stack:
        me = made.me()
        sent = submit(me, "full")
        made.worker()
        half_arrived(me, sent)
        filler = fill(made.home.parent)
        with pytest.raises(StoreError):
            submit(me, "another")
        careful = start(
            Settings.from_environment({**made.environment, "DAILIES_FREE_FLOOR_BYTES": "1000"}), executes=False
        )
        stack.callback(careful.close)
        with pytest.raises(DiskFullError) as caught:
            submit(careful.for_person("local"), "a third")
        gate.go.set()
        wait_until(lambda: server.sent_text == WORDS)
        filler.unlink()
        ended = settled(me, sent)
        judged(
            result(
                "db-disk-full",
                "nothing new is sent; the rest is saved later",
                explained(caught.value),
                ended,
                server,
            )
        )
        assert (ended.state, ended.content) == (State.DONE, WORDS)


def test_a_file_that_may_not_grow_is_written_later(made: Shed, house: House) -> None:
    gate = Gate(WORDS * 400)
    made.server.plays(gate)
    me = made.me()
    sent, worker = submit(me, "fsize"), made.worker()
    half_arrived(me, sent)
    limit = max(path.stat().st_size for path in made.home.glob("dailies.db*")) + 4096
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    gate.go.set()
    wait_until(lambda: b"not saved yet" in made.log.read_bytes())
    wait_until(lambda: made.server.sent_text == WORDS * 400)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ended = settled(me, sent)
    judged(result("db-fsize-limit", "the rest is saved later", unsaved("store_disk"), ended, made.server))
    assert (ended.state, ended.content) == (State.DONE, WORDS * 400)


def test_a_lock_of_3_5_seconds_is_not_taken_for_silence(tmp_path: Path, house: House) -> None:
    """The endpoint may be silent for 2 s; it is not, but nothing can be written for 3.5 s."""
    with FaultServer(text=WORDS[:140], delay=0.25) as server, shed(tmp_path, server, idle_seconds="2") as made:
        runtime = made.look()
        me = runtime.for_person("local")
        sent = submit(me, "locked")
        thread = threading.Thread(target=runtime.execute, args=(sent.id,))
        thread.start()
        half_arrived(me, sent)
        with locked(made.home / "dailies.db"):
            threading.Event().wait(3.5)  # the fault itself
        thread.join(60)
        ended = settled(me, sent)
        judged(in_house(house, me).result("db-locked-3.5-s", ended, server))
        assert (ended.state, ended.content) == (State.DONE, WORDS[:140])


def test_a_file_that_may_only_be_read_can_still_be_looked_at(server: FaultServer, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        with shed(folder, server) as made:
            kept = done_once(made)
            holder = made.me()  # keeps the log and its index beside the file
            made.home.chmod(0o555)
            for path in made.home.glob("dailies.db*"):
                path.chmod(0o444)
            code = """
from services.runtime import start
from services.errors import StoreError
from services.settings import Settings
from services.trouble import store_error
me = start(Settings.from_environment(), executes=False).for_person("local")
print("kept", me.generations.newest()[0].state)
try:
    me.generations.submit("may not be kept", nonce="n")
except StoreError as error:
    print("refused", error.code)
"""
            said = subprocess.run(
                [*bound_by_permissions(), sys.executable, "-c", code],
                cwd=PROJECT,
                env=made.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert said.stdout.split() == ["kept", "done", "refused", "store_read_only"], said.stderr[-2000:]
            judged(
                result(
                    "db-read-only-file",
                    "refused; browsing works",
                    explained(store_error("store_read_only", unsent=True)),
                    kept,
                    server,
                )
            )
            assert holder.generations.get(kept.id).content == WORDS
    finally:
        (folder / "home").chmod(0o755)
