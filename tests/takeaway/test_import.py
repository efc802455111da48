"""Bringing in: all of it comes back, once, to whoever brings it, and nobody's totals grow by it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from db.database import Database
from db.states import State
from services.errors import ImportRefusedError
from services.people.preferences import Preferences
from services.pictures.kept import Pictures
from services.prompts.fields import Controls
from services.prompts.many import one_a_line
from services.prompts.waiting import FORM, Laid, Waiting
from services.settings import Settings
from tests.db.rows import add
from tests.pictures.paint import of_a_phone, painted
from tests.takeaway.house import House, records, unzipped, zipped
from tests.usage.told import everything

HERE_ONLY = {
    "seq",
    "nonce",
    "endpoint_id",
    "base_url",
    "request",
    "worker",
    "videos",
    "imported_at",
    "enqueued_at",
    "release_at",
}
OF_VIDEO = {
    "sha256",
    "size_bytes",
    "duration_seconds",
    "width",
    "height",
    "poster",
    "source_url",
    "media_type",
    "state",
}


def told(house: House, id: str) -> dict[str, Any]:
    one = dataclasses.asdict(house.get(id))
    return {name: value for name, value in one.items() if name not in HERE_ONLY}


def films(house: House, id: str) -> list[dict[str, Any]]:
    videos = house.get(id).videos
    return [{name: getattr(video, name) for name in OF_VIDEO} for video in videos]


def filled(house: House) -> list[str]:
    made = [house.made("boat 纸船", filmed=True), house.made("kite"), house.made("failed", state=State.FAILED)]
    house.marks.rate(made[0], 5)
    house.marks.set_favourite(made[0], True)
    house.marks.note(made[0], "灯塔 notes")
    house.marks.set_tags(made[0], ["Rain", "雨夜"])
    house.marks.set_collections(made[0], [house.marks.make_collection("Client A")])
    return made


def test_everything_comes_back_with_its_marks_and_is_found(house: House, other: House) -> None:
    made = filled(house)
    came = other.bring(house.taken())

    assert (came.new, came.videos, came.here, dict(came.left_out)) == (3, 1, 0, {})
    for id in made:
        assert told(other, id) == told(house, id)
        assert films(other, id) == films(house, id)
    assert {data for name, data in other.files().items() if name.endswith(".mp4")} == {
        data for name, data in house.files().items() if name.endswith(".mp4")
    }
    assert other.ids() == house.ids(), "the order is kept"
    for text in (
        'boat tag:rain rating:5 is:favourite collection:"client a"',
        "灯塔",
        "tag:雨夜 has:video",
        "task-7777 boat",
    ):
        assert other.ids(text) == [made[0]], text
    assert set(other.ids("is:imported")) == set(made)


def test_the_picture_it_was_sent_with_comes_along_once(house: House, other: House, tmp_path: Path) -> None:
    pictures = Pictures("local", house.database, Settings(home=house.home, free_floor_bytes=0))
    picture = pictures.take_in(painted((64, 48)))
    made = [house.made(name, filmed=True, picture=picture.sha256) for name in ("boat", "kite")]
    data = house.taken()
    kept = unzipped(data)
    name = f"pictures/{picture.sha256}.jpg"
    assert [one["picture"] for one in records(data)] == [{"file": name, "sha256": picture.sha256}] * 2
    assert [file for file in kept if file.startswith("pictures/")] == [name]

    assert (other.bring(data).new, other.bring(data).new) == (2, 0)
    there = Pictures("local", other.database, Settings(home=other.home, free_floor_bytes=0))
    assert {other.get(id).picture for id in made} == {picture.sha256}
    assert there.get(picture.sha256) == picture
    found = there.file(picture.sha256)
    assert found is not None
    assert found.read_bytes() == kept[name]

    folder = tmp_path / "unpacked"  # without its lists, as ann
    for file, content in kept.items():
        if file.startswith(("videos/", "pictures/")):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
    ann = other.as_("ann")
    assert ann.bring(folder).new == 2
    assert all(ann.get(id).picture == picture.sha256 for id in ann.ids())


@pytest.mark.parametrize("data", [b"\xff\xd8\xff no picture", of_a_phone((64, 48), 1), painted((64, 48), "PNG")])
def test_a_picture_that_is_not_one_of_ours_stays_outside_and_its_record_comes(
    house: House, other: House, data: bytes
) -> None:
    made = house.made("boat", picture="0" * 64)
    sha256 = hashlib.sha256(data).hexdigest()
    (record,) = records(house.taken())
    for said in (sha256, "1" * 64):
        record["picture"] = {"file": "pictures/a.jpg", "sha256": said}
        files = {"x/generations.jsonl": json.dumps(record).encode(), "x/pictures/a.jpg": data}
        other.bring(zipped(files, zipfile.ZIP_STORED))
        assert other.get(made).picture is None
    assert not [name for name in other.files() if name.endswith(".jpg")]


def test_bringing_it_in_twice_changes_nothing(house: House, other: House) -> None:
    made = filled(house)
    data = house.taken()
    other.bring(data)
    other.marks.rate(made[0], 1)
    before = ([told(other, id) for id in made], other.files())
    came = other.bring(data)

    assert (came.new, came.here) == (0, 3)
    assert ([told(other, id) for id in made], other.files()) == before
    assert house.bring(data).new == 0, "nor where it was made"


def test_a_folder_of_films_with_what_lies_beside_them_is_the_same(house: House, other: House, tmp_path: Path) -> None:
    made = filled(house)[0]
    folder = tmp_path / "unpacked"
    for name, data in unzipped(house.taken()).items():
        if name.startswith("videos/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    assert other.bring(folder).new == 1
    assert other.bring(folder).here == 1
    assert told(other, made) == told(house, made)
    assert films(other, made) == films(house, made)


def test_films_of_others_come_with_their_words(other: House, film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    texts = {"one": ".txt", "two": ".json", "three": ""}
    for number, (name, extension) in enumerate(texts.items()):
        shutil.copyfile(film, folder / f"{name}.mp4")
        with (folder / f"{name}.mp4").open("ab") as file:
            file.write(b"\0\0\0\x0cfree" + bytes([number]) * 4)
        if extension == ".txt":
            (folder / f"{name}.txt").write_text("a heron at dusk\n", "utf-8")
        elif extension == ".json":
            (folder / f"{name}.json").write_text('{"prompt": "a kite 风筝", "model": "veo-3"}', "utf-8")
    came = other.bring(folder)
    assert (came.new, came.videos) == (3, 3)
    found = [other.ids(text) for text in ("heron", "kite model:veo-3", "three")]
    assert [other.get(id).prompt for (id,) in found] == ["a heron at dusk", "a kite 风筝", "three"]
    (kept,) = other.get(other.ids("heron")[0]).videos
    assert (kept.width, kept.height, kept.poster) == (96, 64, True), "it was looked at"
    assert other.bring(folder).new == 0


def test_it_belongs_to_whoever_brings_it(house: House) -> None:
    made = filled(house)
    ann = house.as_("ann")
    assert ann.bring(house.taken()).new == 3
    assert ann.bring(house.taken()).new == 0
    hers = ann.ids("boat")[0]
    assert hers != made[0]
    assert house.ids("boat") == [made[0]]
    ann.marks.rate(hers, 1)
    assert house.get(made[0]).rating == 5
    assert ann.get(hers).owner == "ann"
    assert ann.get(hers).videos[0].id != house.get(made[0]).videos[0].id


def test_what_it_cost_elsewhere_is_not_counted_here_ever(house: House, other: House) -> None:
    filled(house)
    other.made("made here")

    before = everything(other.database)
    assert before[0] == 1
    other.bring(house.taken())
    assert everything(other.database) == before
    other.trash.put(other.ids("boat"))
    other.trash.delete_for_ever()
    assert everything(other.database) == before


def test_what_was_made_here_and_deleted_comes_back_into_the_same_totals(house: House) -> None:
    made = filled(house)

    before, data = everything(house.database), house.taken()
    house.trash.put(made)
    house.trash.delete_for_ever()
    assert everything(house.database) == before
    assert house.bring(data).new == 3
    assert everything(house.database) == before
    assert house.get(made[0]).imported_at is None


def test_nothing_in_it_points_to_an_endpoint_of_ours(house: House, other: House) -> None:
    made = house.made("boat", endpoint_id="e1", fields={"text": "boat", "fields": {}, "extra": {"evil": 1}})
    other.bring(house.taken())
    one = other.get(made)
    assert (one.endpoint_id, one.base_url, one.request) == ("imported", "", None)
    assert "extra" not in (one.fields or {})


def test_a_video_that_did_not_come_along_can_be_fetched(house: House, other: House) -> None:
    made = house.made("boat", filmed=True)
    files = {name: data for name, data in unzipped(house.taken()).items() if not name.endswith(".mp4")}
    assert other.bring(zipped(files)).new == 1
    (video,) = other.get(made).videos
    assert (video.state, video.error_code) == ("failed", "video_not_brought")


def test_what_had_not_ended_stays_where_it_is(house: House, other: House) -> None:
    with house.database.transaction() as session:
        add(session, "queued")
    came = other.bring(house.taken())
    assert (came.new, dict(came.left_out)) == (0, {"record": 1})


def test_both_stores_take_it(house: House, database: Database, tmp_path: Path, film: Path) -> None:
    made = filled(house)
    (tmp_path / "store").mkdir()
    there = House(database, tmp_path / "store", film)
    data = house.taken()
    assert there.bring(data).new == 3
    assert there.bring(data).here == 3
    assert there.ids('boat tag:rain collection:"client a" is:imported') == [made[0]]
    assert records(there.taken())[0]["marks"] == records(data)[0]["marks"]
    ann = there.as_("ann")
    assert ann.bring(data).new == 3
    assert len(ann.ids()) == 3


def test_a_table_of_prompts_waits_to_be_sent_and_only_once(database: Database) -> None:
    preferences = Preferences("local", database)
    waiting = Waiting(preferences)
    table = b'prompt,seconds\n"A {red|blue} boat,\n at dusk",5\nheron,\nheron,\n'
    assert waiting.lay(table) == Laid(new=2, here=0, no_room=0)
    assert waiting.lay(table) == Laid(new=0, here=2, no_room=0)
    lines = json.loads(preferences.get(FORM) or "")["batch-lines"]
    items = one_a_line(lines, Controls()).value
    assert [item.text for item in items or ()] == ["A {red|blue} boat, at dusk", "heron"]
    with pytest.raises(ImportRefusedError):
        waiting.lay(b"name,seconds\na,1\n")


def test_a_zip_in_a_zip_or_a_picture_is_nothing_to_take(other: House) -> None:
    for files in ({"a.zip": b"PK"}, {"photo.jpg": b"\xff\xd8\xff"}, {}):
        with pytest.raises(ImportRefusedError) as caught:
            other.bring(zipped(files, zipfile.ZIP_STORED))
        assert caught.value.code == "import_nothing"
