"""Untrusted words inside a label or markdown, where an image link would be fetched at once (RELIABILITY g)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")

_PICTURES: Final = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Mn", "Me", "Cc"})  # emoji, their colours and joiners
_NOISE: Final = re.compile(r"[>*`#_~\[\]]+")
_PROGRESS: Final = re.compile(
    r"(?:进度|progress)?[\s:：=]*\d{1,3}(?:\.\d{1,9})?(?:\s?[%％]|\.\.|\s*/\s*100)[\d.\s]*|(?:进度|progress)[\s:：=]*(?:\d[\d.]*)?",
    re.IGNORECASE,
)


def plain(text: str, limit: int = 300) -> str:
    r"""Return one line that markdown shows letter by letter, cut at `limit` characters.

    >>> print(plain("![x](http://a)"))
    \!\[x\]\(http\:\/\/a\)
    """
    line = shortened(text, limit)
    return _MARKDOWN.sub(r"\\\1", line).replace("/", "\\/")


def stage_words(stage: str | None) -> str:
    r"""Return a stage as plain words: no pictographs (squares without an emoji font), no markdown, no bare percentage.

    >>> stage_words("> 🏃 进度 12..36.."), stage_words("> **排队中**… ⏳"), stage_words("🎬 `Rendering` 进度：36.9%")
    ('', '排队中…', 'Rendering')
    >>> stage_words("[video] (running) 36% almost there"), stage_words(None)
    ('video (running) almost there', '')
    """
    signs = (sign if unicodedata.category(sign) not in _PICTURES else " " for sign in stage or "")
    words = _PROGRESS.sub(" ", _NOISE.sub(" ", "".join(signs)))
    words = " ".join(words.split()).replace(" …", "…").strip(" :：,，-–—·|")
    return words if any(sign.isalpha() for sign in words) else ""


def shortened(text: str, limit: int) -> str:
    """Return the text as one line of at most `limit` characters; "…" says that there was more.

    >>> shortened("a  b\\nc", 10), shortened("abcdef", 4)
    ('a b c', 'abc…')
    """
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
