"""A picture in the body of a request: a part beside the text (PROTOCOL 3), kept by its name, sent as its bytes. Pure.

A `data:` address is the one form that every server read takes. Rows hold a name in its place: a hundred takes of one
picture shall not be a hundred copies of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

NAMED: Final = "dailies-picture:"
BEGINS: Final = "data:image/jpeg;base64,"
_NAME: Final = re.compile(rf"{NAMED}([0-9a-f]{{64}})", re.ASCII)


def content(prompt: str, picture: str = "") -> str | list[dict[str, Any]]:
    """Return what a message says: the words alone, or the words and a kept picture (its sha256).

    >>> content("A boat"), [part["type"] for part in content("A boat", "0" * 64)]
    ('A boat', ['text', 'image_url'])
    """
    if not picture:
        return prompt
    return [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": NAMED + picture}}]


def named_in(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sha256 of each picture that a kept body names, each once."""
    names = (_NAME.fullmatch(str(part["image_url"].get("url"))) for part in _parts(body))
    return tuple(dict.fromkeys(name[1] for name in names if name))


def filled(body: Mapping[str, Any], urls: Mapping[str, str]) -> dict[str, Any]:
    """Return the body with an address in place of each name; everything else is as it was, in its order."""

    def part(one: Any) -> Any:
        if not _is_picture(one):
            return one
        url = str(one["image_url"].get("url"))
        name = _NAME.fullmatch(url)
        return {**one, "image_url": {**one["image_url"], "url": urls[name[1]] if name else url}}

    messages = [
        {**message, "content": [part(one) for one in message["content"]]} if _is_list(message) else message
        for message in body.get("messages", ())
    ]
    return {**body, "messages": messages}


def _parts(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    messages = body.get("messages", ())
    for message in messages if isinstance(messages, list) else ():
        yield from (part for part in message["content"] if _is_picture(part)) if _is_list(message) else ()


def _is_list(message: Any) -> bool:
    return isinstance(message, Mapping) and isinstance(message.get("content"), list)


def _is_picture(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "image_url" and isinstance(part.get("image_url"), Mapping)
