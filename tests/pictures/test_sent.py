"""A picture beside the words: sent once as its bytes, kept everywhere else as its name."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.endpoint.picture_parts import BEGINS, NAMED
from services.errors import PictureError
from services.prompts.composing import desk_of
from services.prompts.desk import Desk, note_of, read
from services.prompts.fields import Fields
from services.prompts.many import Item
from services.prompts.presets import built_in
from services.prompts.reference import Reference
from services.prompts.remix import Remix
from services.prompts.sending import composed
from services.runtime import ForPerson, Runtime, start
from services.settings import Settings
from tests.fault_server import FaultServer
from tests.pictures.paint import painted


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def run(tmp_path: Path, server: FaultServer) -> Iterator[Callable[..., Runtime]]:
    with ExitStack() as stack:

        def begin(**more: Any) -> Runtime:
            given = Settings(
                home=tmp_path, base_url=server.base_url, token="t" * 20, undo_seconds=0, free_floor_bytes=0
            )
            runtime = start(replace(given, **more), executes=False)
            stack.callback(runtime.close)
            return runtime

        yield begin


@pytest.fixture
def runtime(run: Callable[..., Runtime]) -> Runtime:
    return run()


@pytest.fixture
def me(runtime: Runtime) -> ForPerson:
    return runtime.for_person("local")


def with_picture(me: ForPerson, words: str = "It begins to snow", fields: Fields | None = None) -> Desk:
    kept = me.pictures.take_in(painted((320, 240)))
    cut = me.pictures.crop(kept.sha256, "landscape", 0.0)
    picture = Reference(cut.sha256, kept.sha256, cut.width, cut.height, cut.size_bytes, "landscape", 0.0)
    return replace(read("", words), fields=fields or Fields(), picture=picture)


def submit(me: ForPerson, desk: Desk, nonce: str = "n", worker: str | None = None) -> str:
    beside = composed(desk, built_in())
    return me.generations.submit(desk.text, nonce=nonce, composed=beside, worker=worker).id


def bodies(server: FaultServer) -> list[Any]:
    return [json.loads(one.body) for one in server.requests if one.method == "POST"]


def test_it_goes_out_as_its_bytes_beside_the_words(runtime: Runtime, me: ForPerson, server: FaultServer) -> None:
    desk = with_picture(me)
    assert desk.picture is not None
    runtime.execute(submit(me, desk, worker=runtime.worker))

    (body,) = bodies(server)
    text, picture = body["messages"][0]["content"]
    file = me.pictures.file(desk.picture.id)
    assert file is not None
    assert text == {"type": "text", "text": "It begins to snow"}
    assert picture["type"] == "image_url"
    assert picture["image_url"]["url"] == BEGINS + base64.b64encode(file.read_bytes()).decode()
    assert list(body) == ["model", "max_tokens", "messages", "stream"], "the documented order"


def test_the_row_holds_its_name_and_no_copy_of_it(runtime: Runtime, me: ForPerson, tmp_path: Path) -> None:
    desk = with_picture(me)
    assert desk.picture is not None
    id = submit(me, desk, worker=runtime.worker)
    runtime.execute(id)

    sent = me.generations.get(id)
    assert sent.state == "done"
    assert sent.picture == desk.picture.id
    assert sent.request is not None
    assert sent.request["messages"][0]["content"][1]["image_url"]["url"] == NAMED + desk.picture.id
    with closing(sqlite3.connect(tmp_path / "dailies.db")) as database:
        assert "base64," not in "".join(line for line in database.iterdump() if "generations" in line)
    assert b"base64," not in me.raw_record.report(id, with_prompt=True)


def test_it_is_on_the_desk_on_any_device_and_after_use_again(run: Callable[..., Runtime]) -> None:
    here = run().for_person("local")
    desk = with_picture(here)
    here.composing.put(Desk(), desk)
    there = run().for_person("local").composing.open()[0]
    id = submit(here, there)

    assert there == desk
    assert read(note_of(desk), desk.text) == desk
    assert desk_of(here.generations.get(id), again=True) == replace(desk, parent_id=id)


def test_sent_again_it_goes_with_the_same_words(me: ForPerson) -> None:
    id = submit(me, with_picture(me))
    me.generations.cancel(id)
    again = me.generations.send_again(id, nonce="n2", confirmed=True)

    first = me.generations.get(id)
    assert (again.picture, again.request, again.fields) == (first.picture, first.request, first.fields)


def test_what_is_gone_is_never_sent_without(runtime: Runtime, me: ForPerson, server: FaultServer) -> None:
    desk = with_picture(me)
    assert desk.picture is not None
    id = submit(me, desk, worker=runtime.worker)
    file = me.pictures.file(desk.picture.id)
    assert file is not None
    file.write_bytes(painted((320, 180), quality=30))
    runtime.execute(id)
    file.unlink()

    ended = me.generations.get(id)
    assert (ended.state, ended.error_code) == ("not_sent", "picture_missing")
    assert server.posts == 0
    with pytest.raises(PictureError) as refused:
        submit(me, desk, "n2")
    assert refused.value.code == "picture_missing"


def test_nobody_sends_another_persons_picture(runtime: Runtime, me: ForPerson) -> None:
    desk = with_picture(me)
    with pytest.raises(PictureError):
        submit(runtime.for_person("someone"), desk)


def test_several_at_once_take_their_pictures_and_names_of_videos_with_them(me: ForPerson) -> None:
    desk = with_picture(me)
    assert desk.picture is not None
    sid = "s_0123456789abcdef0123456789abcdef"
    video = Remix(sid, me.endpoints.chosen().id)
    me.endpoints.set_model(me.endpoints.chosen().id, "sora2-portrait-10s")
    ready = me.batches.check([Item(desk.text, picture=desk.picture, remix=video), Item("A fox")]).value
    assert ready is not None
    assert me.batches.send(ready) == 2

    fox, snow = me.generations.newest(limit=2)
    assert (snow.picture, fox.picture) == (desk.picture.id, None)
    assert snow.prompt == f"It begins to snow\n\n{sid}"
    assert desk_of(snow).picture == desk.picture
    assert desk_of(snow).remix == video
    me.generations.cancel(snow.id)
    again = me.generations.send_again(snow.id, nonce="n2", confirmed=True)
    assert (again.picture, again.prompt, again.request) == (snow.picture, snow.prompt, snow.request)
    gone = me.batches.check([Item("A fox", picture=replace(desk.picture, id="0" * 64))])
    assert [one.code for one in gone.problems] == ["picture_missing"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_the_copied_command_sends_the_same_with_the_picture_beside_it(
    runtime: Runtime, me: ForPerson, server: FaultServer, tmp_path: Path
) -> None:
    desk = with_picture(me, 'It\'s $HOME `id` "url": "x" 一只纸船\n  \'two\' lines \\n')
    assert desk.picture is not None
    id = submit(me, desk, worker=runtime.worker)
    runtime.execute(id)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file = me.pictures.file(desk.picture.id)
    assert file is not None
    shutil.copy(file, folder / "picture.jpg")

    command = me.generations.curl(id)
    environment = {"PATH": os.environ["PATH"], "DAILIES_TOKEN": "t" * 20, "LC_ALL": "C.UTF-8"}
    bash = ["bash", "-c", command]
    subprocess.run(bash, cwd=folder, env=environment, check=True, capture_output=True, timeout=120)

    ours, curls = (one for one in server.requests if one.method == "POST")
    assert len(command) < 5000
    assert curls.body == ours.body
    assert curls.headers["authorization"] == ours.headers["authorization"]
