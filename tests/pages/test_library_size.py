"""What a page of the Library sends, at most: 60 cards of long Chinese prompts, with videos, tags and marked hits."""

from __future__ import annotations

import json
import random
import uuid
import zlib
from pathlib import Path

from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from db import generations
from db.states import State
from db.tables import VideoRow
from services.clock import utc_now
from services.library.browsing import View
from services.runtime import ForPerson, Runtime

FRAME = Path(__file__).resolve().parent.parent.parent / "pages" / "frame.py"
CARDS, MOST_CARDS = 48, 60
MOST_BYTES = (
    47_000  # of 60,000: the frame around it and the page's other elements take 12,000 (benchmarks/library_page.py)
)
HIT = "霓虹"


def keep(me: ForPerson, prompts: list[str]) -> list[str]:
    """Insert finished generations with a video, tags and a rating, oldest first; return their ids."""
    now = utc_now()
    same = {"owner": me.library.owner, "state": State.DONE, "model": "seedance-1-0-pro-250528", "endpoint_id": "e"}
    ids = [uuid.uuid4().hex for _ in prompts]
    rows = [
        {
            **same,
            "id": id,
            "nonce": id,
            "prompt": prompt,
            "created_at": now,
            "endpoint_name": "E",
            "base_url": "https://e",
        }
        for id, prompt in zip(ids, prompts, strict=True)
    ]
    film = {"owner": me.library.owner, "state": "kept", "poster": True, "duration_seconds": 8.0, "created_at": now}
    with me.library.database.transaction() as session:
        generations.insert_many(session, rows)
        videos = [
            {**film, "id": uuid.uuid4().hex, "generation_id": id, "source_url": id, "source_key": id} for id in ids
        ]
        session.execute(insert(VideoRow), videos)
    for id in ids:
        me.marks.set_tags(id, ["Client Abendrot", "夜景与霓虹灯的街道", "draft two", "keep", "雨夜"])
        me.marks.rate(id, 4)
    return ids


def test_sixty_cards_of_long_chinese_prompts_stay_within_what_a_page_may_send(runtime: Runtime, me: ForPerson) -> None:
    chance = random.Random(5)
    common = [chr(0x4E00 + number) for number in range(2_000)]
    prompts = [HIT + "".join(chance.choices(common, k=480)) for _ in range(CARDS)]
    ids = keep(me, [prompts[0]] * (MOST_CARDS - CARDS) + prompts)
    app = AppTest.from_file(str(FRAME), default_timeout=30).run()
    app.query_params["q"] = HIT
    app = app.switch_page("library.py").run()

    assert not app.exception
    gallery = next(one.proto for one in app.get("bidi_component") if one.proto.component_name == "gallery")
    items = json.loads(zlib.decompress(gallery.bytes))["items"]
    shown = [one for item in items for one in (item, *item.get("under", []))]
    assert len(shown) == MOST_CARDS
    assert all([HIT, True] in one["prompt"] and one["video"] and len(one["tags"]) == 5 for one in shown)
    assert gallery.ByteSize() <= MOST_BYTES
    assert len(me.library.look(View(text=HIT), limit=100).cards) == MOST_CARDS

    me.trash.delete_for_ever(me.trash.put(ids))  # the other tests' library is theirs
    assert me.library.look(View(text=HIT)).cards == []
