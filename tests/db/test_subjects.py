"""Endpoints, drafts, preferences, workers and usage."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from db import drafts, endpoints, generations, preferences, usage, workers
from db.database import Database
from db.records import Ending, Endpoint
from db.states import State
from tests.db.rows import NOW, add

ENDPOINT = Endpoint(
    id="e1", owner="local", name="One", base_url="https://api.example", token_encrypted=b"secret", model="sora-2",
    models=("sora-2", "veo"), max_tokens=1000, stream=True, extra={"n": 1}, idle_seconds=None, total_seconds=9.5,
    concurrency=None, built_in=False, created_at=NOW,
)  # fmt: skip


def test_an_endpoint_is_its_owners_alone(database: Database) -> None:
    with database.transaction() as session:
        assert endpoints.save(session, ENDPOINT)
        assert not endpoints.save(session, replace(ENDPOINT, owner="ann"))
        assert not endpoints.change(session, "ann", "e1", model="x")
        assert not endpoints.remove(session, "ann", "e1")
        assert endpoints.get(session, "ann", "e1") is None
        assert endpoints.of(session, "local") == [ENDPOINT]


def test_an_endpoint_can_be_changed_and_forgotten(database: Database) -> None:
    with database.transaction() as session:
        endpoints.save(session, ENDPOINT)
        renamed = replace(ENDPOINT, name="Two", models=("veo",))
        assert endpoints.save(session, renamed)
        assert endpoints.get(session, "local", "e1") == renamed
        assert endpoints.change(session, "local", "e1", token_encrypted=None, models=("a",))
        kept = endpoints.get(session, "local", "e1")
        assert kept == replace(renamed, token_encrypted=None, models=("a",))
        assert endpoints.remove(session, "local", "e1")
        assert endpoints.of(session, "local") == []


def test_drafts_and_preferences_keep_the_newest_word(database: Database) -> None:
    with database.transaction() as session:
        assert drafts.load(session, "local") == ""
        drafts.save(session, "local", "one", NOW)
        drafts.save(session, "local", "two", NOW)
        assert drafts.load(session, "local") == "two"
        assert drafts.load(session, "ann") == ""
        assert preferences.get(session, "local", "language") is None
        preferences.set(session, "local", "language", "en")
        preferences.set(session, "local", "language", "zh")
        assert preferences.get(session, "local", "language") == "zh"
        assert preferences.get(session, "", "language") is None


def test_a_worker_that_beats_is_not_buried(database: Database) -> None:
    with database.transaction() as session:
        workers.register(session, "w1", NOW)
        seen = workers.all(session)[0].beat
        assert workers.beat(session, "w1")
        assert not workers.remove(session, "w1", beat=seen)
        assert workers.remove(session, "w1", beat=seen + 1)
        assert not workers.beat(session, "w1")
        workers.register(session, "w1", NOW)
        workers.register(session, "w1", NOW)
        assert len(workers.all(session)) == 1


def test_usage_counts_by_local_day_and_never_takes_unknown_for_nothing(database: Database) -> None:
    late = dt.datetime(2026, 1, 1, 20, tzinfo=dt.UTC)  # the next day in Shanghai
    with database.transaction() as session:
        for tokens, at, more in ((5, late, {}), (None, NOW, {}), (7, NOW, {"demo": True}), (9, NOW, {"owner": "ann"})):
            made = add(session, created_at=at, **more)
            generations.claim(session, made.id, "w1", NOW)
            generations.end(session, made.id, "w1", Ending(state=State.DONE, total_tokens=tokens), NOW)
        add(session)

    def days(hours: int) -> list[tuple[int, bool, int, int, int]]:
        zone = dt.timezone(dt.timedelta(hours=hours))
        edges = [dt.datetime(2026, 1, day, tzinfo=zone) for day in (1, 2, 3)]
        with database.reading() as session:
            found = usage.sums(session, "local", edges)
        return sorted((1 + s.bucket, s.line.demo, s.generations, s.total_told, s.total_tokens) for s in found)

    assert days(8) == [(2, False, 2, 1, 5), (2, True, 1, 1, 7)]
    assert days(0) == [(1, False, 1, 1, 5), (2, False, 1, 0, 0), (2, True, 1, 1, 7)]
