"""What a zip holds: the films as they are but for their words, everything said of them, and no secret."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re

import av

from services.library.browsing import Shelf
from tests.takeaway.house import TOKEN, House, records, unzipped


def test_a_zip_holds_films_posters_what_was_said_tables_and_a_page(house: House) -> None:
    id = house.made("A paper boat 纸船", filmed=True)
    house.marks.rate(id, 4)
    house.marks.set_tags(id, ["rain"])
    house.marks.set_collections(id, [house.marks.make_collection("Client A")])
    house.marks.note(id, "for the trailer")
    text_only = house.made("Only words")
    before = house.files()

    data = house.taken()

    files = unzipped(data)
    films = sorted(name for name in files if name.startswith("videos/"))
    assert sorted(files.keys() - set(films)) == ["generations.csv", "generations.jsonl", "index.html"]
    assert [name.rpartition(".")[2] for name in films] == ["jpg", "json", "mp4", "txt"]
    assert films[0].startswith("videos/dailies-A-paper-boat-纸船-")
    said = records(data)
    assert [one["id"] for one in said] == [id, text_only], "oldest first"
    assert said[0]["marks"] == {
        "favourite": False, "rating": 4, "notes": "for the trailer", "tags": ["rain"], "collections": ["Client A"],
    }  # fmt: skip
    assert json.loads(files[films[1]]) == said[0]
    assert files[films[3]].decode().startswith("A paper boat 纸船\n\n-- \nModel: sora-2\n")
    assert house.files() == before, "what is stored never changes"


def test_the_copy_says_what_it_is_and_the_record_names_the_original(house: House) -> None:
    id = house.made("A paper boat", filmed=True)
    data = house.taken()
    (video,) = records(data)[0]["videos"]
    copy = unzipped(data)[video["file"]]
    with av.open(io.BytesIO(copy)) as opened:
        assert opened.metadata["title"] == "A paper boat"
        assert opened.metadata["artist"] == "sora-2"
    assert video["words_in_file"] is True
    stored = next(data for name, data in house.files().items() if name.endswith(".mp4"))
    assert video["sha256"] == hashlib.sha256(stored).hexdigest() == house.get(id).videos[0].sha256
    assert hashlib.sha256(copy).hexdigest() != video["sha256"]


def test_no_cell_is_a_formula_and_unknown_is_empty(house: House) -> None:
    house.made("=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(unzipped(house.taken())["generations.csv"].decode("utf-8-sig"))))
    assert (rows[0]["prompt"], rows[0]["rating"], rows[0]["total_tokens"]) == ("'=HYPERLINK(1)", "", "61")


def test_no_token_is_anywhere_in_it_and_no_address_of_an_endpoint(house: House) -> None:
    house.made(
        f"my key is {TOKEN}", filmed=True, base_url="https://secret-house.example", request={"token": TOKEN},
        fields={"text": f"x {TOKEN}", "extra": {"key": "hidden-extra"}},
    )  # fmt: skip
    data = house.taken()
    for name, content in unzipped(data).items():
        for secret in (TOKEN, "secret-house", "hidden-extra"):
            assert secret.encode() not in content, name
        assert TOKEN not in name


def test_only_what_is_chosen_and_ones_own_is_in_it(house: House) -> None:
    boat, kite = house.made("boat"), house.made("kite")
    ann = house.as_("ann")
    hers = ann.made("boat of hers", filmed=True)
    assert [one["id"] for one in records(house.taken(house.all_of("boat")))] == [boat]
    assert [one["id"] for one in records(house.taken(house.selections.of_ids((kite, hers))))] == [kite]
    assert records(ann.taken(ann.selections.of_ids((kite, boat)))) == []
    house.trash.put([boat])
    assert [one["id"] for one in records(house.taken())] == [kite]
    assert [one["id"] for one in records(house.taken(house.all_of(shelf=Shelf.TRASH)))] == [boat]


def test_names_are_safe_and_no_two_are_the_same(house: House) -> None:
    for _ in range(3):
        house.made('../../etc/pass"wd\r\n\u202eCON', filmed=True)
    names = list(unzipped(house.taken()))
    assert len({name.casefold() for name in names}) == len(names) == 15
    assert all(re.fullmatch(r"(videos/)?[\w.\-]+", name) for name in names)


def test_a_film_that_is_gone_is_said_to_be_not_there(house: House) -> None:
    house.made("boat", filmed=True)
    for path in (house.home / "media").rglob("*.mp4"):
        path.unlink()
    data = house.taken()
    assert records(data)[0]["videos"][0]["file"] is None
    assert "index.html" in unzipped(data)


def test_what_the_page_is_given_cannot_end_its_block(house: House) -> None:
    house.made("</script><script>alert(1)</script><!-- \u2028")
    page = unzipped(house.taken())["index.html"].decode()
    block = page.partition('id="items">')[2].partition("</script>")[0]
    assert json.loads(block)[0]["prompt"] == "</script><script>alert(1)</script><!-- \u2028"
    assert page.count("<script") == 2
