"""Links whose file is safe are looked at again, and teach how long their host's links live."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import link_lives, videos
from db.database import Database
from db.records import LinkLife, Video
from services.clock import utc_now
from services.media.fetch import FetchPolicy
from services.media.glance import glance
from services.media.keep import Keeper
from services.media.link_lives import LinkLives
from services.media.link_looks import LinkLooks
from services.media.store import Store
from services.settings import Settings
from tests.db import rows
from tests.media.host import Host, dripping, redirecting, refusing, serving
from tests.waiting import wait_until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def keeper(store: Database, host: Host, tmp_path: Path) -> Keeper:
    settings = Settings(home=tmp_path, free_floor_bytes=0, link_look_seconds=0.2)
    return Keeper(store, Store(tmp_path / "media"), settings, lambda _: (host.base_url, "sk-canary-0123"))


def noted(store: Database, link: str, minutes_ago: float = 0.0) -> str:
    with store.transaction() as session:
        generation = rows.add(session)
        at = utc_now() - dt.timedelta(minutes=minutes_ago)
        return videos.add(
            session, id=uuid.uuid4().hex, owner="local", generation_id=generation.id, source_url=link, at=at
        ).id


def lives(store: Database) -> list[LinkLife]:
    with store.reading() as session:
        return link_lives.of_host(session, "local", "127.0.0.1", 50)


def row(store: Database, id: str) -> Video:
    with store.reading() as session:
        found = videos.get(session, "local", id)
    assert found is not None
    return found


def test_a_glance_reads_no_film_and_believes_plain_answers_only(host: Host, policy: Callable[..., FetchPolicy]) -> None:
    mine = policy()
    seen = {
        path: glance(host.url(path, scenario), mine)
        for path, scenario in {
            "/ok": serving(b"x" * 900_000),
            "/403": refusing("403 Forbidden"),
            "/404": refusing("404 Not Found"),
            "/410": refusing("410 Gone"),
            "/500": refusing("500 Oops"),
            "/429": refusing("429 Slow down"),
            "/moved": redirecting("https://login.example/"),
            "/drip": dripping(b"xxxxxxxxxx", 5.0),
        }.items()
    }

    assert seen == {
        "/ok": True, "/403": False, "/404": False, "/410": False, "/500": None, "/429": None, "/moved": None,
        "/drip": True,
    }  # fmt: skip
    assert {call.headers["range"] for call in host.requests} == {"bytes=0-0"}
    assert glance("http://127.0.0.1:22/a.mp4", mine) is None
    assert glance("javascript:alert(1)", mine) is None


def test_a_look_at_the_endpoint_alone_carries_its_token(host: Host, policy: Callable[..., FetchPolicy]) -> None:
    link = host.url("/v.mp4", serving(b"x"))
    glance(link, policy(trusted_origin=host.base_url, token="sk-canary-0123"))
    glance(link, policy(token="sk-canary-0123"))

    assert [call.headers.get("authorization") for call in host.requests] == ["Bearer sk-canary-0123", None]


def test_a_kept_link_is_watched_until_it_is_gone(store: Database, host: Host, keeper: Keeper, film: Path) -> None:
    link = host.url("/v.mp4", serving(film.read_bytes()))
    id = noted(store, link)
    keeper.keep(id, "w")
    looks = LinkLooks(store, keeper.policy_of, 0.2)
    try:
        wait_until(lambda: len(host.requests) >= 3)
        host.url("/v.mp4", refusing("404 Not Found"))
        wait_until(lambda: lives(store))
    finally:
        looks.close()

    learnt = lives(store)[0]
    assert learnt.first_seen == row(store, id).created_at
    assert learnt.last_ok is not None
    assert learnt.gone_at is not None
    assert learnt.first_seen < learnt.last_ok < learnt.gone_at
    assert row(store, id).state == "kept"
    with store.reading() as session:
        assert link_lives.due(session, utc_now() + dt.timedelta(days=30), 9) == []


def test_two_links_of_a_host_are_watched_at_a_time(store: Database, host: Host, keeper: Keeper, film: Path) -> None:
    for number in range(4):
        keeper.keep(noted(store, host.url(f"/{number}.mp4", serving(film.read_bytes()))), "w")

    with store.reading() as session:
        assert link_lives.watched(session, "local", "127.0.0.1") == 2


def test_a_link_that_says_its_end_need_not_be_watched(store: Database, host: Host, keeper: Keeper, film: Path) -> None:
    end = int(time.time()) + 600
    keeper.keep(noted(store, host.url(f"/v.mp4?exp={end}", serving(film.read_bytes()))), "w")

    assert [(life.expires_at or utc_now()).timestamp() for life in lives(store)] == [end]
    with store.reading() as session:
        assert link_lives.watched(session, "local", "127.0.0.1") == 0


def test_a_link_that_was_dead_from_the_start_teaches_nothing(store: Database, host: Host, keeper: Keeper) -> None:
    id = noted(store, host.url("/v.mp4", refusing("404 Not Found")))
    with pytest.raises(Exception, match="404"):
        keeper.keep(id, "w")

    assert lives(store) == []


def test_what_dies_first_is_fetched_first(store: Database, host: Host) -> None:
    mine = LinkLives(store, 0.0)
    soon, later = (int(time.time()) + seconds for seconds in (300, 90_000))
    unknown = noted(store, "https://a.example/v.mp4")
    ids = [noted(store, f"https://b.example/v.mp4?exp={later}"), noted(store, f"https://b.example/w.mp4?exp={soon}")]
    found = mine.deadlines(row(store, id) for id in (unknown, *ids))

    assert sorted(found, key=lambda id: found[id]) == [ids[1], unknown, ids[0]]


def test_three_links_that_died_are_enough_to_tell_of_the_next(store: Database) -> None:
    mine = LinkLives(store, 300.0)
    for number in range(3):
        id = noted(store, f"https://cdn.example/{number}.mp4", minutes_ago=58)
        fresh = noted(store, "https://cdn.example/new.mp4")
        assert mine.expect("local", [row(store, fresh)])[fresh].ends_at is None
        mine.worked(row(store, id), f"https://cdn.example/{number}.mp4")
        mine.gone(id)
    told = mine.expect("local", [row(store, fresh)])[fresh]

    assert told.typical_seconds == pytest.approx(58 * 60, abs=5)
    assert told.ends_at == row(store, fresh).created_at + dt.timedelta(seconds=told.typical_seconds or 0)
    assert not told.stated
    assert mine.expect("other", [row(store, fresh)])[fresh].ends_at is None
