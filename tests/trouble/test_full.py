"""A full disk, as a small file system and as a limit on the size of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import DiskFullError
from services.runtime import Runtime
from tests.jobs.relay import Relay
from tests.trouble.means import fill, run_script, small_disk
from tests.waiting import wait_until

Run = Callable[..., Runtime]
MB = 1024 * 1024
LIMITED = """
import json, resource, sys, time
from pathlib import Path
from services.errors import DailiesError
from services.runtime import start
from services.settings import Settings
from tests.waiting import wait_until

home = Path(sys.argv[1])
runtime = start(Settings(home=home, base_url=sys.argv[2], undo_seconds=0.0, free_floor_bytes=0))
me = runtime.for_person("local").generations
sent = me.submit("in a stream", nonce="a")
wait_until(lambda: me.get(sent.id).state == "streaming")
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
wait_until(lambda: runtime.trouble == "store_disk" and runtime.unsaved)
try:
    me.submit("meanwhile", nonce="b")
    refused = None
except DailiesError as error:
    refused = [error.code, error.unsent]
seen = me.get(sent.id).state
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
wait_until(lambda: me.get(sent.id).state == "done")
wait_until(lambda: runtime.trouble is None and not runtime.unsaved)
print(json.dumps({"refused": refused, "seen": seen, "content": me.get(sent.id).content}))
runtime.close()
"""


def test_too_little_room_sends_nothing_and_keeps_the_ticket(run: Run, relay: Relay) -> None:
    me = run(free_floor_bytes=10**15).for_person("local").generations
    with pytest.raises(DiskFullError) as refused:
        me.submit("no room", nonce="n")

    assert refused.value.unsent
    assert "Nothing was sent and nothing is charged." in refused.value.message
    assert me.newest() == []
    assert relay.posts == {}


def test_what_waits_is_not_sent_while_there_is_no_room(run: Run, relay: Relay) -> None:
    sent = run(executes=False).for_person("local").generations.submit("waits for room", nonce="n")
    full = run(free_floor_bytes=10**15)
    wait_until(lambda: full._jobs is not None and full._jobs.alive)
    full.for_person("local").generations.to_front(sent.id)  # the dispatcher is rung, looks, and leaves it

    assert full.trouble == "disk_full"
    assert full.for_person("local").generations.get(sent.id).state == "queued"
    assert relay.posts == {}
    full.close()
    me = run().for_person("local").generations
    wait_until(lambda: me.get(sent.id).state == "done")
    assert relay.posts == {"waits for room": 1}


def test_a_full_disk_throws_off_the_ballast_and_saves_what_is_in_flight(run: Run, relay: Relay, tmp_path: Path) -> None:
    relay.deltas, relay.gap_seconds = 120, 0.05
    with small_disk(tmp_path / "disk", 24) as disk:
        runtime = run(home=disk, ballast_bytes=4 * MB)
        me = runtime.for_person("local").generations
        wait_until(lambda: (disk / "ballast").exists() and (disk / "ballast").stat().st_size == 4 * MB)
        sent = me.submit("a disk that fills up", nonce="n")
        wait_until(lambda: me.get(sent.id).state == "streaming")
        fill(disk)
        wait_until(lambda: me.get(sent.id).state == "done")
        assert not (disk / "ballast").exists()
        assert me.get(sent.id).content == relay.text
        runtime.close()
    assert relay.posts == {"a disk that fills up": 1}


def test_a_disk_full_to_the_last_byte_is_told_and_nothing_is_lost(run: Run, relay: Relay, tmp_path: Path) -> None:
    relay.deltas, relay.gap_seconds = 100, 0.05
    with small_disk(tmp_path / "disk", 24) as disk:
        runtime = run(home=disk, ballast_bytes=0)
        me = runtime.for_person("local").generations
        wait_until(lambda: runtime._jobs is not None)
        sent = me.submit("no ballast either", nonce="n")
        wait_until(lambda: me.get(sent.id).state == "streaming")
        filler = fill(disk)
        wait_until(lambda: runtime.unsaved and runtime.trouble == "disk_full")
        with pytest.raises(DiskFullError) as refused:
            me.submit("meanwhile", nonce="m")
        assert refused.value.unsent
        wait_until(lambda: relay.text in runtime.live.watch(sent.id).read(0).parts[0][1])
        filler.unlink()
        wait_until(lambda: me.get(sent.id).state == "done")
        wait_until(lambda: runtime.trouble is None and not runtime.unsaved)

        assert me.get(sent.id).content == relay.text
        assert relay.posts == {"no ballast either": 1}
        runtime.close()


def test_a_limit_on_file_sizes_is_trouble_with_the_disk_and_passes(relay: Relay, tmp_path: Path) -> None:
    relay.deltas, relay.gap_seconds = 100, 0.05
    said = run_script(LIMITED, str(tmp_path), relay.base_url)

    assert said["refused"] == ["store_disk", True]
    assert said["seen"] == "streaming"
    assert said["content"] == relay.text
    assert relay.posts == {"in a stream": 1}


def test_a_limit_on_file_sizes_counts_as_room(tmp_path: Path) -> None:
    script = """
import json, resource, sys
from pathlib import Path
from services.room import room_bytes
home = Path(sys.argv[1])
(home / "dailies.db").write_bytes(b"x" * 50_000)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
print(json.dumps(room_bytes(home)))
"""
    assert run_script(script, str(tmp_path)) == 10_000
