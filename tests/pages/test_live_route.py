"""The live text: who may listen, and that no word is lost or doubled."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from services.runtime import ForPerson
from tests.pages.conftest import Site


def listen(site: Site, generation_id: str, *, origin: str | None, pos: int = 0) -> ClientConnection:
    url = f"ws://127.0.0.1:{site.port}/api/generations/{generation_id}/live?pos={pos}"
    return connect(url, origin=origin, open_timeout=60)  # type: ignore[arg-type]  # its NewType wants no more than str


def messages(socket: ClientConnection) -> Iterator[dict[str, Any]]:
    for text in socket:
        yield json.loads(text)


def text_of(said: list[dict[str, Any]], kind: str = "c") -> str:
    return "".join(text for one in said for part, text in one["t"] if part == kind)


def test_a_viewer_gets_every_word_once_and_then_the_end(site: Site, me: ForPerson) -> None:
    sent = me.generations.submit("A lighthouse at dusk", nonce=os.urandom(8).hex())

    with listen(site, sent.id, origin=site.origin) as socket:
        said = list(messages(socket))

    ended = me.generations.get(sent.id)
    assert said[-1]["done"] == 1
    assert said[-1]["s"] == ended.state == "done"
    assert text_of(said) == ended.content


def test_a_viewer_who_comes_back_gets_only_what_is_new(site: Site, me: ForPerson) -> None:
    sent = me.generations.submit("A lighthouse at dawn", nonce=os.urandom(8).hex())

    with listen(site, sent.id, origin=site.origin) as socket:
        first = [next(messages(socket)), next(messages(socket))]
    with listen(site, sent.id, origin=site.origin, pos=first[-1]["pos"]) as socket:
        rest = list(messages(socket))

    assert text_of(first) + text_of(rest) == me.generations.get(sent.id).content


def test_a_viewer_of_an_ended_generation_gets_its_text_and_the_end(
    site: Site, me: ForPerson, filmed: Callable[[str], str]
) -> None:
    generation_id = filmed("A lighthouse at noon [fast]")

    with listen(site, generation_id, origin=site.origin) as socket:
        said = list(messages(socket))

    assert said[-1]["done"] == 1
    assert text_of(said) in ("", me.generations.get(generation_id).content)


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://127.0.0.1:1", "http://localhost:9"])
def test_another_site_cannot_listen(site: Site, filmed: Callable[[str], str], origin: str | None) -> None:
    generation_id = filmed("A secret cove [fast]")

    with pytest.raises(InvalidStatus) as refused, listen(site, generation_id, origin=origin):
        pass

    assert refused.value.response.status_code == 403


def test_nobody_listens_to_what_is_not_theirs(site: Site) -> None:
    with pytest.raises(InvalidStatus) as refused, listen(site, "not-an-id", origin=site.origin):
        pass

    assert refused.value.response.status_code == 403
