"""A name in the kept body, an address in the sent one, and nothing else touched."""

from __future__ import annotations

from typing import Any

import pytest

from services.endpoint.client import build_body
from services.endpoint.picture_parts import NAMED, filled, named_in

ONE, TWO = "1" * 64, "2" * 64


def body(prompt: str = "A boat", picture: str = ONE) -> dict[str, Any]:
    extra = {"video_config": {"seconds": 10}, "messages": [{"content": NAMED + TWO}]}
    return build_body(prompt=prompt, model="m", max_tokens=None, stream=True, extra=extra, picture=picture)


def test_only_the_name_is_replaced() -> None:
    kept = body(f"{NAMED}{ONE} is a name that somebody typed")
    sent = filled(kept, {ONE: "data:image/jpeg;base64,AA=="})

    text, picture = sent["messages"][0]["content"]
    assert named_in(kept) == (ONE,)
    assert text["text"].startswith(NAMED + ONE)
    assert picture == {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,AA=="}}
    assert list(sent) == list(kept)
    assert kept["messages"][0]["content"][1]["image_url"]["url"] == NAMED + ONE, "the kept one stays as it is"


@pytest.mark.parametrize(
    "messages",
    [
        None,
        "text",
        [],
        ["text"],
        [{"role": "user"}],
        [{"role": "user", "content": "words"}],
        [{"content": ["words", None, {"type": "image_url"}, {"type": "image_url", "image_url": NAMED + ONE}]}],
        [{"content": [{"type": "image_url", "image_url": {"url": "https://example.org/a.jpg"}}]}],
        [{"content": [{"type": "image_url", "image_url": {"url": f"{NAMED}{ONE}/../x"}}]}],
    ],
)
def test_a_body_of_any_form_names_no_picture_by_chance(messages: object) -> None:
    assert named_in({"messages": messages}) == ()


def test_without_a_picture_a_message_is_its_words() -> None:
    assert body(picture="")["messages"] == [{"role": "user", "content": "A boat"}]
