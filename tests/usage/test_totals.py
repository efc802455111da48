"""The kept totals are what the rows add up to, after any history, for readers of any zone; and can be made anew."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from db import generations, usage, usage_totals
from db.database import Database
from db.records import Ending
from db.states import State
from tests.db.rows import NOW, add
from tests.usage.history import FIRST, SUMS, Life, Sums, by_hand

ZONES = ("UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns")


def midnights(zone: str) -> list[dt.datetime]:
    first = FIRST.date()
    return [dt.datetime.combine(first + dt.timedelta(days=day), dt.time(), ZoneInfo(zone)) for day in range(-1, 8)]


def kept(database: Database, owner: str | None, edges: list[dt.datetime], which: str) -> Sums:
    with database.reading() as session:
        found = usage.sums(session, owner, edges, which=which)
    return {(one.bucket, one.line): tuple(getattr(one, name) for name in SUMS) for one in found}


@pytest.mark.parametrize("seed", range(3))
def test_every_sum_is_that_of_its_rows_whatever_happened(database: Database, seed: int) -> None:
    Life(database, seed).happen(500)

    for zone in ZONES:
        edges = midnights(zone)
        for owner in ("local", "ann", None):
            with database.reading() as session:
                alone, collected = (by_hand(session, owner, edges, collected=each) for each in (False, True))
            assert kept(database, owner, edges, usage.ALL) == alone, (zone, owner)
            assert kept(database, owner, edges, usage.EACH) == collected, (zone, owner)
            assert alone
            assert collected
    with database.transaction() as session:
        usage_totals.fold(session)
        assert usage_totals.recount(session) == 0, "what was kept is what is counted anew"
    assert kept(database, None, edges, usage.ALL) == by_hand_of(database, edges)


@pytest.mark.parametrize("of", ["cost_nano", "total_tokens", "generations"])
def test_a_course_is_the_sums_of_the_lines_it_was_asked_for(database: Database, of: str) -> None:
    Life(database, 0).happen(500)
    for zone in ZONES:
        edges = midnights(zone)
        with database.reading() as session:
            sums = usage.sums(session, "local", edges)
            names = {one.line: one.line.model for one in sums if one.line.sent}
            went = usage.course(session, "local", edges, names, of)
            assert usage.course(session, "local", edges, names, of, usage.MODEL_BY) == went, zone
        by_model = {name: [0] * (len(edges) - 1) for name in names.values()}
        for one in sums:
            if one.line.sent:
                by_model[one.line.model][one.bucket] += getattr(one, of)
        assert went == by_model, zone
        assert of != "generations" or any(map(any, went.values()))


def test_what_a_table_of_days_tells_is_the_same_sums(database: Database) -> None:
    Life(database, 1).happen(500)
    for zone in ZONES:
        edges = midnights(zone)
        with database.reading() as session:
            all_of_it, told = usage.sums(session, "local", edges), usage.told(session, "local", edges)
        assert _told(told) == _told(all_of_it) != {}, zone
        assert not any(one.videos or one.prompt_tokens or one.line.model for one in told)


def _told(sums: list[usage.UsageSum]) -> dict[tuple[object, ...], list[int]]:
    """Add up by bucket and what a line of days hangs on."""
    found: dict[tuple[object, ...], list[int]] = {}
    for one in sums:
        key = (one.bucket, *(getattr(one.line, name) for name in usage.TOLD_BY))
        added = found.setdefault(key, [0] * len(usage.TOLD))
        found[key] = [had + getattr(one, name) for had, name in zip(added, usage.TOLD, strict=True)]
    return found


def by_hand_of(database: Database, edges: list[dt.datetime]) -> Sums:
    with database.reading() as session:
        return by_hand(session, None, edges, collected=False)


def test_totals_that_were_spoilt_are_found_and_mended(database: Database) -> None:
    Life(database, 9).happen(120)
    edges = midnights("UTC")
    with database.transaction() as session:
        session.execute(text("UPDATE usage_totals SET total_tokens = total_tokens + 1 WHERE grain = 86400"))
        session.execute(text("DELETE FROM usage_totals WHERE grain = 3600 AND keepers > 0"))
        assert usage_totals.recount(session) > 0
        assert usage_totals.recount(session) == 0
    assert kept(database, None, edges, usage.ALL) == by_hand_of(database, edges)


def test_a_migration_that_leaves_the_totals_empty_has_them_counted(database: Database) -> None:
    Life(database, 4).happen(60)
    edges = midnights("UTC")
    with database.transaction() as session:
        session.execute(text("DELETE FROM usage_totals"))
        session.execute(text("DELETE FROM usage_lines"))
        assert usage_totals.is_due(session)
        usage_totals.recount(session)
        assert not usage_totals.is_due(session)
    assert kept(database, None, edges, usage.ALL) == by_hand_of(database, edges)


def test_streams_that_end_at_once_are_all_counted(database: Database) -> None:
    with database.transaction() as session:
        made = [add(session).id for _ in range(24)]
        for id in made:
            generations.claim(session, id, "w1", NOW)

    def end(id: str) -> None:
        with database.transaction() as session:
            assert generations.end(session, id, "w1", Ending(state=State.DONE, total_tokens=3), NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(end, made))
    day = [NOW.replace(hour=0, minute=0, second=0), NOW.replace(hour=0) + dt.timedelta(days=1)]
    with database.transaction() as session:
        usage_totals.fold(session)
    with database.reading() as session:
        (one,) = usage.sums(session, "local", day)
        assert (one.generations, one.total_tokens, one.line.certainty) == (24, 72, "sure")
        assert session.scalar(text("SELECT count(*) FROM usage_totals WHERE grain = 86400")) == 1
