"""`run.py move-media`: everything kept goes to the store, or back, proved one by one."""

from __future__ import annotations

import json
from pathlib import Path

from services.media.far import far_store
from services.media.store import store_of
from services.runtime import start
from services.settings import Settings
from tests.backup.homes import files_of, spoil
from tests.backup.test_commands import command


def move(settings: Settings, where: str) -> tuple[int, str]:
    said = command(settings, "move-media", where, DAILIES_MEDIA_URL=settings.media_url or "")
    return said.returncode, (said.stdout + said.stderr).strip()


def test_there_and_back_again_byte_by_byte(filled: Settings) -> None:
    before = files_of(filled.home)
    size = sum(map(len, before.values())) / 1e6

    there = move(filled, "store")
    assert there == (0, f"Moved and proved: 4 files, {size:,.1f} MB.")
    assert files_of(filled.home) == {}
    again = move(filled, "store")
    assert again == (0, "Moved and proved: 0 files, 0.0 MB; 4 were there already.")
    verified = command(filled, "verify", DAILIES_MEDIA_URL=filled.media_url or "")
    assert verified.stdout.strip() == "All is well."
    listed = command(filled, "list", "--json", DAILIES_MEDIA_URL=filled.media_url or "")
    paths = [json.loads(line)["videos"][0]["path"] for line in listed.stdout.splitlines()]
    assert all(path.startswith(f"{filled.media_url}/") for path in paths)

    back = move(filled, "folder")
    assert back == (0, f"Moved and proved: 4 files, {size:,.1f} MB.")
    assert files_of(filled.home) == before
    assert all(far_store(filled.media_url or "").find(name) is None for name in before)


def test_what_is_missing_or_not_what_it_was_stays_and_is_named(filled: Settings) -> None:
    films = sorted((filled.home / "media").rglob("*.mp4"))
    spoil(films[0])
    films[1].unlink()

    code, said = move(filled, "store")

    assert code == 1
    names = [f"{film.parent.name}/{film.name}" for film in films]
    assert f"The video {names[0]} is not what it was." in said
    assert f"The video {names[1]} is missing." in said
    assert films[0].exists()
    assert far_store(filled.media_url or "").find(names[0]) is None


def test_what_was_changed_there_does_not_come_back_and_is_told_by_verify(filled: Settings) -> None:
    move(filled, "store")
    store = store_of(filled)
    name = next(store.name_of(path) for path in _kept(filled))
    other = filled.home / "other"
    other.write_bytes(b"\0\0\0\x18ftypisom" + b"x" * 4000)
    far_store(filled.media_url or "").send(other, name)

    verified = command(filled, "verify", DAILIES_MEDIA_URL=filled.media_url or "")
    code, said = move(filled, "folder")

    assert (verified.returncode, verified.stdout.strip()) == (1, f"The video {name} is not what it was.")
    assert (code, said.splitlines()[0]) == (1, f"The video {name} is not what it was.")
    assert far_store(filled.media_url or "").find(name) is not None


def test_a_running_dailies_and_no_store_are_one_sentence_each(filled: Settings) -> None:
    runtime = start(filled, executes=False)
    busy = move(filled, "store")
    runtime.close()
    none = command(filled, "move-media", "store")

    assert busy == (1, "home_in_use: Dailies is running on this data folder: stop it first")
    wanted = "copy_target: Set DAILIES_MEDIA_URL to the object store, such as s3://bucket/folder."
    assert (none.returncode, none.stderr.strip()) == (1, wanted)
    assert len(files_of(filled.home)) == 4


def _kept(settings: Settings) -> list[Path]:
    from db import videos
    from tests.backup.homes import open_home

    database, store = open_home(settings), store_of(settings)
    with database.reading() as session:
        kept = [store.video_path(one.id, one.media_type or "") for one in videos.kept_files(session)]
    database.close()
    return kept
