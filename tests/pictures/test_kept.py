"""Whose a picture is, how long it stays, and that backups hold it."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest

from db import drafts
from db import pictures as rows
from db.database import Database
from db.records import Picture
from services.backup.make import make
from services.backup.restore import restore
from services.backup.verify import verify
from services.clock import utc_now
from services.errors import NotFoundError
from services.pictures.kept import Pictures
from services.pictures.unused import DAYS, forget_unused
from tests.backup.homes import open_home, spoil
from tests.db.rows import NOW, add
from tests.pictures.paint import painted
from tests.postgres import database, database_url, postgres_server

__all__ = ["database", "database_url", "postgres_server"]
ONE = Picture(owner="local", sha256="1" * 64, source=None, width=4, height=3, size_bytes=9)
CUT = replace(ONE, sha256="2" * 64, source=ONE.sha256)


def test_a_picture_is_its_owners_and_the_same_once_more_is_one(database: Database) -> None:
    with database.transaction() as session:
        for one in (ONE, ONE, CUT, replace(ONE, owner="ann")):
            rows.keep(session, one, NOW)
        assert rows.get(session, "local", ONE.sha256) == ONE
        assert rows.get(session, "bob", ONE.sha256) is None
        assert [one.id for one in rows.kept_files(session)] == [ONE.sha256, CUT.sha256]
        assert not rows.forget(session, "local", ONE.sha256), "ann has it too"
        assert rows.forget(session, "ann", ONE.sha256)


def test_unused_is_what_no_generation_and_no_crop_needs(database: Database) -> None:
    later = NOW + dt.timedelta(days=1)
    with database.transaction() as session:
        rows.keep(session, ONE, NOW)
        rows.keep(session, CUT, NOW)
        assert [one.sha256 for one in rows.unused(session, later)] == [CUT.sha256]
        assert rows.unused(session, NOW) == []
        add(session, picture=CUT.sha256)
        assert rows.unused(session, later) == []


@pytest.fixture
def old(pictures: Pictures) -> tuple[Pictures, Picture]:
    """A picture that was kept long ago."""
    kept = pictures.take_in(painted((64, 48)))
    long_ago = utc_now() - dt.timedelta(days=DAYS + 1)
    path = pictures.file(kept.sha256)
    assert path is not None
    os.utime(path, (long_ago.timestamp(),) * 2)
    with pictures.database.transaction() as session:
        rows.forget(session, "local", kept.sha256)
        rows.keep(session, kept, long_ago)
    return pictures, kept


def test_after_thirty_days_what_nobody_names_goes_with_its_file(old: tuple[Pictures, Picture]) -> None:
    pictures, kept = old
    path = pictures.file(kept.sha256)
    with pictures.database.transaction() as session:
        drafts.save(session, "local", f'{{"picture":{{"id":"{kept.sha256}"}}}}', NOW, "create-fields")
    assert forget_unused(pictures.database, pictures.settings) == 0
    with pictures.database.transaction() as session:
        drafts.save(session, "local", "", NOW, "create-fields")

    assert forget_unused(pictures.database, pictures.settings) == 1
    assert path is not None
    assert not path.exists()
    with pytest.raises(NotFoundError):
        pictures.get(kept.sha256)


def test_what_was_just_kept_again_keeps_its_file(old: tuple[Pictures, Picture]) -> None:
    pictures, kept = old
    again = Pictures("ann", pictures.database, pictures.settings).take_in(painted((64, 48)))

    assert again.sha256 == kept.sha256
    assert forget_unused(pictures.database, pictures.settings) == 1
    assert Pictures("ann", pictures.database, pictures.settings).file(kept.sha256) is not None


def test_backups_hold_it_and_verify_looks_at_it(pictures: Pictures) -> None:
    settings = pictures.settings
    kept = pictures.take_in(painted((64, 48)))
    path = pictures.file(kept.sha256)
    assert path is not None
    data = path.read_bytes()
    made = make(settings, settings.home / "dailies.db")
    pictures.database.close()
    path.unlink()
    assert _kinds(pictures) == ["picture_missing"]

    restore(settings, made)

    assert path.read_bytes() == data
    assert _kinds(pictures) == []
    spoil(path, at=100)
    assert _kinds(pictures) == ["picture_changed"]


def _kinds(pictures: Pictures) -> list[str]:
    opened = open_home(pictures.settings)
    try:
        return [fault.kind for fault in verify(pictures.settings, opened)]
    finally:
        opened.close()


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "0" * 63, "G" * 64, "0" * 64])
def test_a_name_that_is_none_of_ours_leads_nowhere(pictures: Pictures, name: str, tmp_path: Path) -> None:
    assert pictures.file(name) is None
