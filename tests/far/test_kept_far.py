"""A video's whole way with an object store: fetched, proved there, seen through our own route, thrown away."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from db import videos
from db.database import Database
from services.backup.verify import verify
from services.library.selection import Selection
from services.media.away import send_away
from services.media.far import far_store
from services.media.keep import Keeper
from services.media.store import Store, store_of
from services.runtime import ForPerson, Runtime
from services.settings import Settings
from tests.backup.homes import NOW
from tests.db.rows import add
from tests.media.films import shoot
from tests.media.host import Host, serving
from tests.pages.conftest import Site


@pytest.fixture
def video_id(filmed: Callable[[str], str], me: ForPerson) -> str:
    kept = me.generations.get(filmed("A red kite over dunes [fast]")).videos
    assert [video.state for video in kept] == ["kept"]
    return str(kept[0].id)


def here(runtime: Runtime) -> list[str]:
    return [path.name for path in store_of(runtime.settings).files()]


def test_the_folder_is_empty_and_the_page_plays_it_whole_and_in_parts(
    site: Site, video_id: str, runtime: Runtime
) -> None:
    path = f"/app/static/media/{video_id}"
    whole = site.ask("GET", path)
    part = site.ask("GET", path, {"Range": "bytes=4-7"})
    tail = site.ask("GET", path, {"Range": "bytes=-3", "If-Range": whole.headers["etag"]})
    other = site.ask("GET", path, {"Range": "bytes=4-7", "If-Range": '"another"'})
    beyond = site.ask("GET", path, {"Range": f"bytes={len(whole.body)}-"})
    head = site.ask("HEAD", path)
    saved = site.ask("GET", f"{path}?download=1")
    poster = site.ask("GET", f"/app/static/poster/{video_id}")

    assert here(runtime) == []
    assert (whole.status, whole.headers["content-type"]) == (200, "video/mp4")
    assert (whole.headers["x-content-type-options"], whole.headers["accept-ranges"]) == ("nosniff", "bytes")
    assert whole.headers["cache-control"].startswith("private")
    assert (part.status, part.body) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(whole.body)}"
    assert (tail.status, tail.body) == (206, whole.body[-3:])
    assert (other.status, other.body) == (200, whole.body)
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.body)}")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))
    assert saved.headers["content-disposition"].startswith("attachment; filename*=utf-8''dailies-A-red-kite")
    assert (poster.status, poster.headers["content-type"], poster.body[:2]) == (200, "image/jpeg", b"\xff\xd8")


def test_what_is_kept_there_is_what_came(video_id: str, runtime: Runtime) -> None:
    with runtime._database.reading() as session:
        video = videos.get(session, None, video_id)
    found = runtime.video_file("local", video_id)

    assert video is not None
    assert found is not None
    assert not isinstance(found[0], Path)
    assert hashlib.sha256(b"".join(found[0].pieces())).hexdigest() == video.sha256
    assert list(verify(runtime.settings, runtime._database)) == []


def test_what_needs_the_file_itself_has_it_brought(site: Site, video_id: str, me: ForPerson, runtime: Runtime) -> None:
    frame = site.ask("GET", f"/app/static/frame/{video_id}?at=0.5&as=png")
    made = me.library.page(text="red kite", limit=1).items[0]
    zipped = zipfile.ZipFile(io.BytesIO(b"".join(me.takeaway.pieces(Selection(ids=(made.id,))))))
    film = next(name for name in zipped.namelist() if name.endswith(".mp4"))

    assert (frame.status, frame.body[:4]) == (200, b"\x89PNG")
    assert zipped.read(film)[4:8] == b"ftyp"

    send_away(runtime._database, runtime.settings, young_seconds=0)
    assert here(runtime) == []


def test_nobody_else_sees_it(video_id: str, runtime: Runtime) -> None:
    assert runtime.video_file("ann", video_id) is None
    assert runtime.poster_file("ann", video_id) is None


def test_thrown_away_for_ever_it_is_gone_there_too(
    filmed: Callable[[str], str], me: ForPerson, runtime: Runtime, site: Site
) -> None:
    id = filmed("A blue kite [fast]")
    video = me.generations.get(id).videos[0]
    store = store_of(runtime.settings)
    lies = store.video_path(video.id, video.media_type or "")
    assert store.far_file(lies) is not None

    me.trash.put([id])
    me.trash.delete_for_ever([id])

    assert store.far_file(lies) is None
    assert store.far_file(store.poster_path(video.id)) is None
    assert site.ask("GET", f"/app/static/media/{video.id}").status == 404


def test_while_the_store_is_away_a_video_is_kept_here_and_sent_later(
    media_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, media_url=media_url, free_floor_bytes=0)
    database, film = Database(settings.store_url), tmp_path / "film.mp4"
    database.upgrade()
    shoot(film)
    with monkeypatch.context() as patch, Host().running() as host:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        away = Store(tmp_path / "media", f"{media_url}-away")
        with database.transaction() as session:
            made = add(session, base_url=host.base_url)
            link = host.url("/v.mp4", serving(film.read_bytes()))
            videos.add(session, id="v1x", owner="local", generation_id=made.id, source_url=link, at=NOW)
        video = Keeper(database, away, replace(settings, media_url=None), lambda _: (host.base_url, None)).keep(
            "v1x", "w"
        )
    assert video.state == "kept"
    assert len(away.files()) == 2

    assert send_away(database, settings) == 0  # young
    assert send_away(database, settings, young_seconds=0) == 2

    assert away.files() == []
    assert far_store(media_url).holds("v1/v1x.mp4", video.size_bytes or 0, video.sha256 or "")
    database.close()
