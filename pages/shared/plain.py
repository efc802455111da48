"""Untrusted words inside a label or markdown, where an image link would be fetched at once (RELIABILITY g)."""

from __future__ import annotations

import re
from typing import Final

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")


def plain(text: str, limit: int = 300) -> str:
    r"""Return one line that markdown shows letter by letter, cut at `limit` characters.

    >>> print(plain("![x](http://a)"))
    \!\[x\]\(http\:\/\/a\)
    """
    line = shortened(text, limit)
    return _MARKDOWN.sub(r"\\\1", line).replace("/", "\\/")


def shortened(text: str, limit: int) -> str:
    """Return the text as one line of at most `limit` characters; "…" says that there was more.

    >>> shortened("a  b\\nc", 10), shortened("abcdef", 4)
    ('a b c', 'abc…')
    """
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
