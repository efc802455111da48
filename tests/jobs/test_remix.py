"""A remix of what a relay has made: it is told which video by the name it gave."""

from __future__ import annotations

from pathlib import Path

from services.prompts.composing import compared, remixed
from services.prompts.fields import EMPTY, Fields, Place
from services.prompts.presets import built_in
from services.prompts.remix import Remix
from services.prompts.sending import composed
from services.runtime import start
from services.settings import Settings
from tests.fault_server import FaultServer

SID = "s_0123456789abcdef0123456789abcdef"


def test_the_name_in_its_answer_goes_back_to_the_same_endpoint(tmp_path: Path) -> None:
    with FaultServer(text=f"> 生成完成 ✅\n> sid: {SID}\n\n[在线播放▶️](https://v.example/a.mp4)") as server:
        settings = Settings(home=tmp_path, base_url=server.base_url, undo_seconds=0.0, free_floor_bytes=0)
        runtime = start(settings, executes=False)
        try:
            me = runtime.for_person("local")
            first = me.generations.submit("A paper boat", nonce="n", worker=runtime.worker)
            runtime.execute(first.id)
            made = me.generations.get(first.id)
            desk = remixed(made)
            again = me.generations.submit(
                desk.text,
                nonce="n2",
                model="sora2-portrait-10s",
                parent_id=made.id,
                composed=composed(desk, built_in()),
            )
            elsewhere = me.generations.submit(
                desk.text,
                nonce="n3",
                endpoint_id="demo",
                model="sora2-portrait-10s",
                composed=composed(desk, built_in()),
            )
        finally:
            runtime.close()

    assert desk.remix == Remix(SID, made.endpoint_id)
    assert desk.parent_id == made.id
    assert again.prompt == f"A paper boat\n\n{SID}"
    assert elsewhere.prompt == "A paper boat"
    assert compared(made) == Fields(place=Place("A paper boat")) != EMPTY
