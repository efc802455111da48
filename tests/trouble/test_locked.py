"""Another process holds the lock: nothing is lost, nothing new is begun, and it is told while it lasts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import StoreError
from services.runtime import Runtime
from tests.jobs.relay import Relay
from tests.trouble.means import locked
from tests.waiting import SOON_SECONDS, wait_until

pytestmark = pytest.mark.slow
Run = Callable[..., Runtime]


def text_of(runtime: Runtime, generation_id: str) -> str:
    return runtime.live.watch(generation_id).read(0).parts[0][1]


def test_a_lock_longer_than_the_idle_limit_is_no_silence_of_the_endpoint(
    run: Run, relay: Relay, tmp_path: Path
) -> None:
    relay.deltas, relay.gap_seconds = 60, 0.1
    runtime = run(idle_seconds=2.0)
    me = runtime.for_person("local").generations
    sent = me.submit("a lock of 3.5 s", nonce="n")
    wait_until(lambda: me.get(sent.id).state == "streaming")
    with locked(tmp_path / "dailies.db"):
        before = time.monotonic()
        wait_until(lambda: runtime.unsaved)
        wait_until(lambda: time.monotonic() - before > 3.5)
        wait_until(lambda: "piece 30 " in text_of(runtime, sent.id))  # reading goes on
    wait_until(lambda: not runtime.unsaved)
    wait_until(lambda: me.get(sent.id).state == "done")

    assert me.get(sent.id).content == relay.text
    assert relay.posts == {"a lock of 3.5 s": 1}
    assert runtime.trouble is None


def test_a_lock_longer_than_the_store_waits_loses_nothing_and_begins_nothing(
    run: Run, relay: Relay, tmp_path: Path
) -> None:
    relay.deltas, relay.gap_seconds = 60, 0.1
    runtime = run()
    me = runtime.for_person("local").generations
    sent = me.submit("before", nonce="n")
    wait_until(lambda: me.get(sent.id).state == "streaming")
    with locked(tmp_path / "dailies.db"):
        wait_until(lambda: runtime.unsaved)
        with pytest.raises(StoreError) as refused:
            me.submit("meanwhile", nonce="m")
        assert (refused.value.code, refused.value.unsent) == ("store_locked", True)
        wait_until(lambda: runtime.trouble == "store_locked")
        assert not runtime.health()
        wait_until(lambda: relay.text in text_of(runtime, sent.id))
        assert me.get(sent.id).state == "streaming", "all has come, none of it is saved"
    wait_until(lambda: me.get(sent.id).state == "done")
    wait_until(lambda: runtime.trouble is None and not runtime.unsaved)

    assert me.get(sent.id).content == relay.text
    assert me.submit("afterwards", nonce="m").state in ("queued", "sending")
    wait_until(lambda: relay.posts == {"before": 1, "afterwards": 1})


def test_a_running_answer_can_be_stopped_while_nothing_can_be_saved(run: Run, relay: Relay, tmp_path: Path) -> None:
    relay.deltas, relay.gap_seconds = 600, 0.1
    runtime = run()
    me = runtime.for_person("local").generations
    sent = me.submit("stop me", nonce="n")
    wait_until(lambda: me.get(sent.id).state == "streaming")
    with locked(tmp_path / "dailies.db"):
        began = time.monotonic()
        me.cancel(sent.id)
        wait_until(lambda: relay.hung_up_at is not None)
        assert time.monotonic() - began < SOON_SECONDS
    wait_until(lambda: me.get(sent.id).state == "cancelled")

    assert relay.text.startswith(me.get(sent.id).content)


def test_what_cannot_be_saved_before_the_end_is_put_aside_and_taken_up(run: Run, relay: Relay, tmp_path: Path) -> None:
    relay.deltas, relay.gap_seconds = 600, 0.05
    runtime = run()
    sent = runtime.for_person("local").generations.submit("stopped while locked", nonce="n")
    wait_until(lambda: runtime.for_person("local").generations.get(sent.id).state == "streaming")
    with locked(tmp_path / "dailies.db"):
        wait_until(lambda: runtime.unsaved)
        wait_until(lambda: "piece 60 " in text_of(runtime, sent.id))
        seen = text_of(runtime, sent.id)
        began = time.monotonic()
        runtime.close()
        assert time.monotonic() - began < 25, "a lock does not hold up the end"
        assert list(tmp_path.glob("unsaved-*.jsonl"))
    again = run(executes=True)
    me = again.for_person("local").generations
    wait_until(lambda: me.get(sent.id).state == "incomplete")

    assert me.get(sent.id).content.startswith(seen)
    assert relay.text.startswith(me.get(sent.id).content)
    assert not list(tmp_path.glob("unsaved-*.jsonl"))
    assert relay.posts == {"stopped while locked": 1}
    again.close()
    with sqlite3.connect(tmp_path / "dailies.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
