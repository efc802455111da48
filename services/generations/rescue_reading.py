"""Read what a person pasted with the reader that reads endpoints. Pure.

A link, the text of a page, JSON, or a raw answer copied from elsewhere: whatever holds a link or a task id.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.endpoint.answer import Answer, AnswerReader, Link
from services.endpoint.chunks import parse
from services.endpoint.links import Links
from services.endpoint.scan import Found
from services.endpoint.text import clean
from services.errors import PasteError

PASTE_MAX_BYTES = 1024**2
OFFERED = 20
"""Links offered of one paste; more would be a site, not an answer."""

_ANSWER = re.compile(r"\s*(?:[\[{]|data:|event:|:)")
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d+)?/\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found. `alone`: the paste was one link and nothing else, so the person means that one."""

    links: tuple[Link, ...]
    task_ids: tuple[str, ...]
    alone: bool

    def chosen(self, link: Link) -> bool:
        """Tell whether a link is taken for the video unless the person says otherwise."""
        return link.kind == "video" or self.alone


def checked_paste(text: str) -> str:
    """Return a paste as it is read and kept.

    Raises:
        PasteError: blank, or over `PASTE_MAX_BYTES` of UTF-8.
    """
    text = clean(text).strip()
    if not text:
        raise PasteError("nothing was pasted")
    if len(text.encode()) > PASTE_MAX_BYTES:
        raise PasteError(f"over {PASTE_MAX_BYTES} bytes", code="paste_too_long")
    return text


def read_paste(text: str, base_url: str) -> Reading:
    """Return the links and task ids in a text, surest first; pictures are left out.

    >>> [link.kind for link in read_paste("see https://a.example/x.mp4 there", "https://api.example").links]
    ['video']
    """
    text = text.strip()
    if _BARE_HOST.fullmatch(text):
        text = f"https://{text}"  # some browsers hide the scheme of what they let one copy
    links, tasks = _read(text, base_url)
    if not links and "\\/" in text:
        links, tasks = _read(text.replace("\\/", "/").replace("\\u0026", "&"), base_url)
    order = ("video", "page", "recovery")
    offered = sorted((link for link in links if link.kind in order), key=lambda link: order.index(link.kind))
    return Reading(tuple(offered[:OFFERED]), tuple(tasks), len(offered) == 1 and offered[0].url == text)


def _read(text: str, base_url: str) -> tuple[tuple[Link, ...], list[str]]:
    answers = [_answer(_as_content(text), base_url)]
    found = Found(Links(base_url))
    if _ANSWER.match(text):
        answers.append(_answer(text.encode(), base_url))
        with contextlib.suppress(ValueError):  # no JSON: the two readings above are all there is
            found.field_values(parse(text))
    links = Links(base_url).all([*found.links.all(), *(link for answer in answers for link in answer.links)])
    return links, _unique([*found.tasks, *(task for answer in answers for task in answer.task_ids)])


def _as_content(text: str) -> bytes:
    """Return an answer whose content is this text."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice]}).encode()


def _answer(body: bytes, base_url: str) -> Answer:
    reader = AnswerReader(http_status=200, content_type="", base_url=base_url)
    reader.feed(body)
    return reader.finish()


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
