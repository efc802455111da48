"""Several workers, real processes, on one Postgres: limits hold, nothing is lost or sent twice, all is seen."""

from __future__ import annotations

import pytest

from db.states import ENDED, State, VideoState
from tests.cluster.machines import AT_ONCE, Cluster, Worker
from tests.crash.relay import Relay, Script
from tests.jobs.relay import Relay as PlainRelay
from tests.postgres import PostgresServer
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def play(relay: Relay, **scripts: Script) -> list[Script]:
    """Have the relay answer these prompts so; return what it will note of them."""
    relay.scripts.update(scripts)
    return list(scripts.values())


def ended(cluster: Cluster, ids: dict[str, str]) -> list[State]:
    """Wait for the end of all of them; return how they ended."""
    wait_until(lambda: all(cluster.generations.get(id).state in ENDED for id in ids.values()), seconds=90)
    return [cluster.generations.get(id).state for id in ids.values()]


def test_text_of_another_process_is_seen_as_it_comes(cluster: Cluster, relay: Relay) -> None:
    cluster.only(1)
    [script] = play(relay, seen=Script(deltas=40, gap_seconds=0.02, hold_done=True))
    relay.hold()
    ids = cluster.submit("seen")
    live = cluster.runtime.watch(ids["seen"])
    unsubscribe = live.subscribe(lambda: None)
    wait_until(lambda: len(script.sent) == 40 and live.read(0).pos == len(script.text), seconds=60)
    now = live.read(0)
    assert (now.parts, now.state) == ((("c", script.text),), State.STREAMING)
    assert cluster.runtime.live.listens
    relay.let_go()
    wait_until(lambda: live.read(0).ended, seconds=60)
    assert live.read(0).state is State.DONE
    unsubscribe()


def test_text_goes_on_while_nobody_can_listen(cluster: Cluster, relay: Relay, postgres_server: PostgresServer) -> None:
    cluster.only(1)
    [script] = play(relay, unheard=Script(deltas=60, gap_seconds=0.02))
    live = cluster.runtime.watch(cluster.submit("unheard")["unheard"])
    unsubscribe = live.subscribe(lambda: None)

    def ended_without_notices() -> bool:
        postgres_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN dailies_text%'"
        )
        return live.read(0).ended

    wait_until(ended_without_notices, seconds=60, step_seconds=0.1)
    assert (live.read(0).parts, live.read(0).state) == ((("c", script.text),), State.DONE)
    unsubscribe()


def test_an_endpoints_own_limit_holds_over_two_workers(cluster: Cluster) -> None:
    cluster.only(2)
    with PlainRelay(deltas=10, gap_seconds=0.03).running() as plain:
        endpoints = cluster.me.endpoints
        own = endpoints.save(None, name="own", base_url=plain.base_url, token="token", model="m", concurrency=2)
        prompts = [f"limited {number}" for number in range(8)]
        submit = cluster.generations.submit
        ids = {prompt: submit(prompt, nonce=prompt, endpoint_id=own.id).id for prompt in prompts}
        assert set(ended(cluster, ids)) == {State.DONE}
        assert plain.posts == dict.fromkeys(prompts, 1)
        assert plain.most_at_once == 2


def test_a_killed_workers_streams_are_told_and_its_download_and_all_that_waits_go_on_elsewhere(
    cluster: Cluster, relay: Relay
) -> None:
    cluster.only(2)
    relay.hold(films=True)
    names = [f"held{number}" for number in range(2 * AT_ONCE)]
    scripts = play(
        relay, film=Script(deltas=1, film=True), **{name: Script(deltas=2, hold_done=True) for name in names}
    )
    ids = cluster.submit("film")
    wait_until(lambda: relay.films_begun == 1, seconds=60)
    dead = fetching(cluster, ids["film"])
    ids |= cluster.submit(*names)
    other = next(worker for worker in cluster.only(2) if worker is not dead)
    wait_until(lambda: sum(script.posts for script in scripts) == 1 + AT_ONCE, seconds=60)
    wait_until(lambda: len(cluster.of(dead, ids)) + len(cluster.of(other, ids)) == AT_ONCE, seconds=60)
    cut = {one.id for one in cluster.of(dead, ids)}

    dead.kill()
    wait_until(lambda: dead.name not in cluster.names(), seconds=60)
    wait_until(lambda: relay.films_begun == 2, seconds=60)
    relay.let_go()

    assert set(ended(cluster, {prompt: id for prompt, id in ids.items() if id not in cut})) == {State.DONE}
    assert {cluster.generations.get(id).state for id in cut} <= {State.INCOMPLETE}
    assert {cluster.generations.get(id).content for id in cut} <= {"piece 0 piece 1 "}
    assert [script.posts for script in scripts] == [1] * len(scripts)
    wait_until(lambda: kept(cluster, ids["film"]), seconds=60)


def test_a_rolling_restart_loses_nothing_and_sends_nothing_twice(cluster: Cluster, relay: Relay) -> None:
    [first] = cluster.only(1)
    relay.hold(films=True)
    names = [f"rolled{number}" for number in range(3 * AT_ONCE)]
    scripts = play(
        relay, reel=Script(deltas=1, film=True), **{name: Script(deltas=2, hold_done=True) for name in names}
    )
    ids = cluster.submit("reel")
    wait_until(lambda: relay.films_begun == 1, seconds=60)
    ids |= cluster.submit(*names)
    wait_until(lambda: len(cluster.of(first, ids)) == AT_ONCE, seconds=60)
    cut = {one.id for one in cluster.of(first, ids)}
    second = cluster.begin(drain_seconds=60)

    first.ask_to_stop()  # it has no time to wait for its streams
    wait_until(first.ended, seconds=60)
    assert {cluster.generations.get(id).state for id in cut} == {State.INCOMPLETE}
    wait_until(lambda: relay.films_begun == 2, seconds=60)
    wait_until(lambda: len(cluster.of(second, ids)) == AT_ONCE, seconds=60)
    third = cluster.begin()

    second.ask_to_stop()  # it has: what it streams and saves goes on
    relay.let_go()
    wait_until(second.ended, seconds=60)
    wait_until(lambda: cluster.names() == {third.name}, seconds=60)
    ended(cluster, ids)
    states = {id: cluster.generations.get(id).state for id in ids.values()}
    assert {id for id, state in states.items() if state is not State.DONE} == cut
    assert [script.posts for script in scripts] == [1] * len(scripts)
    wait_until(lambda: kept(cluster, ids["reel"]), seconds=60)


def fetching(cluster: Cluster, id: str) -> Worker:
    """Return who saves a generation's video."""
    name = cluster.fetching(id)
    return next(worker for worker in cluster.only(2) if worker.name == name)


def kept(cluster: Cluster, id: str) -> bool:
    """Tell whether a generation's video is kept."""
    video = cluster.video(id)
    return video is not None and video.state is VideoState.KEPT
