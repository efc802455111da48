"""What the server answers beside the pages: files, drafts, health."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from services.runtime import ForPerson
from tests.pages.conftest import Site


@pytest.fixture
def video_id(filmed: Callable[[str], str], me: ForPerson) -> str:
    videos = me.generations.get(filmed("A red kite over dunes [fast]")).videos
    assert [video.state for video in videos] == ["kept"]
    return str(videos[0].id)


def test_health_is_told_in_one_word(site: Site) -> None:
    answer = site.ask("GET", "/healthz")

    assert (answer.status, answer.body) == (200, b'{"status":"ok"}')


def test_a_kept_video_is_served_whole_in_parts_and_by_its_etag(site: Site, video_id: str) -> None:
    path = f"/app/static/media/{video_id}"
    whole = site.ask("GET", path)
    part = site.ask("GET", path, {"Range": "bytes=4-7"})

    assert (whole.status, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"].startswith("private")
    assert whole.headers["etag"]
    assert "content-disposition" not in whole.headers
    assert (part.status, part.body) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(whole.body)}"


def test_a_download_is_named_after_the_prompt_whatever_stands_in_it(
    site: Site, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    hostile = '../..\\x"; filename=evil.exe\n Set-Cookie: a=b \u202e 纸船 [fast]'
    video_id = me.generations.get(filmed(hostile)).videos[0].id

    answer = site.ask("GET", f"/app/static/media/{video_id}?download=1")

    kind, _, name = answer.headers["content-disposition"].partition("; ")
    assert (answer.status, kind) == (200, "attachment")
    assert name.isascii()
    assert unquote(name) == f"filename*=utf-8''dailies-x-filename-evil-exe-Set-Cookie-a-b-纸船-fast-{video_id[:8]}.mp4"
    assert "set-cookie" not in answer.headers


def test_a_head_request_brings_no_body(site: Site, video_id: str) -> None:
    answer = site.ask("HEAD", f"/app/static/media/{video_id}")

    assert (answer.status, answer.body) == (200, b"")


def test_a_poster_is_a_picture(site: Site, video_id: str) -> None:
    answer = site.ask("GET", f"/app/static/poster/{video_id}")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.body.startswith(b"\xff\xd8")


def test_a_contact_sheet_and_a_frame_are_made_on_first_asking(site: Site, video_id: str, me: ForPerson) -> None:
    sheet = site.ask("GET", f"/app/static/sheet/{video_id}")
    frame = site.ask("GET", f"/app/static/frame/{video_id}?at=0.5&as=png")

    assert (sheet.status, sheet.headers["content-type"], sheet.body[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert (frame.status, frame.headers["content-type"], frame.body[:4]) == (200, "image/png", b"\x89PNG")
    assert frame.headers["content-disposition"].endswith(f'{video_id[:8]}.png"')
    assert me.stills.sheet(video_id).name == f"{video_id}.sheet.jpg"
    assert me.stills.frame(video_id, "0.5", "png").name == f"{video_id}.500.png"
    for wrong in ("at=&as=png", "at=nan&as=png", "at=-1&as=png", "at=1&as=gif", "at=1&as=../x"):
        assert site.ask("GET", f"/app/static/frame/{video_id}?{wrong}").status == 404, wrong


def test_a_file_that_is_no_video_gives_no_frames(site: Site, me: ForPerson, filmed: Callable[[str], str]) -> None:
    video_id = me.generations.get(filmed("A kite that breaks [fast]")).videos[0].id
    me.stills.sheet(video_id).unlink()
    (me.stills.settings.home / "media" / video_id[:2] / f"{video_id}.mp4").write_bytes(
        b"\0\0\0\x18ftypisom" + b"x" * 99
    )

    answer = site.ask("GET", f"/app/static/sheet/{video_id}")

    assert (answer.status, answer.body) == (422, b"frame_failed")


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "%00", "a" * 500])
def test_what_is_not_there_is_not_found(site: Site, name: str) -> None:
    for kind in ("media", "poster", "sheet", "frame"):
        assert site.ask("GET", f"/app/static/{kind}/{name}?at=1").status == 404


def test_a_draft_is_kept_as_it_is_typed(site: Site, me: ForPerson) -> None:
    answer = site.ask("PUT", "/api/drafts/create", {"Origin": site.origin}, "纸船 half a th".encode())

    assert answer.status == 204
    assert me.drafts.load() == "纸船 half a th"


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_another_site_cannot_write_a_draft(site: Site, me: ForPerson, origin: str | None) -> None:
    me.drafts.save("mine")

    answer = site.ask("PUT", "/api/drafts/create", {"Origin": origin} if origin else {}, b"theirs")

    assert answer.status == 403
    assert me.drafts.load() == "mine"


def test_a_draft_has_a_known_name_and_a_limit(site: Site) -> None:
    ours = {"Origin": site.origin}

    assert site.ask("PUT", "/api/drafts/other", ours, b"x").status == 404
    assert site.ask("PUT", "/api/drafts/create", ours, b"x" * 400_001).status == 413
    assert site.ask("POST", "/api/drafts/create", ours, b"x").status == 405


def test_ready_names_each_check(site: Site) -> None:
    answer = site.ask("GET", "/readyz")

    assert answer.status == 200
    assert json.loads(answer.body) == {"status": "ready", "checks": {"alive": True, "saves": True, "open": True}}


def test_the_figures_are_for_this_machine_and_not_for_who_comes_through_a_proxy(site: Site) -> None:
    here = site.ask("GET", "/metrics")
    proxied = site.ask("GET", "/metrics", {"X-Forwarded-For": "192.0.2.7"})

    assert here.status == 200
    assert here.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"\ndailies_streams 0\n" in here.body
    assert proxied.status == 403
