"""Patterns of prose that carry no picture, and cutting them out again. Pure; sure matches only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

PRAISE: Final = re.compile(
    r"\b(?:(?:very |so |truly |absolutely )?(?:beautiful|gorgeous|stunning|breathtaking|amazing|awesome)(?:ly)?"
    r"|masterpiece|award[- ]winning|(?:best|highest|top) quality|ultra[- ]?detailed|highly detailed|hyper[- ]?detailed"
    r"|trending on artstation|mind[- ]blowing)\b"
    r"|绝美的?|美轮美奂的?|惊艳的?|令人惊叹的?|震撼人心的?|最佳质量|最高质量|大师级(?:作品)?|杰作",
    re.IGNORECASE,
)
NEGATIVE: Final = re.compile(
    r"(?:(?<=[.;!?\n])|^)[ \t]*(?:please )?(?:do not|don['’]t|never) "
    r"(?:show|include|add|use|put|display)\b[^.;!?\n]*[.;!?]?"
    r"|(?:(?<=[。；！？\n，])|^)[ \t]*(?:请勿|不要|禁止)(?:出现|显示|加入|添加|使用)[^。；！？\n，]*[。；！？，]?",
    re.IGNORECASE | re.MULTILINE,
)
LONGER: Final = re.compile(
    r"\b(?:please )?make (?:it|this|the (?:video|clip|film|movie)) (?:a (?:bit|little) )?(?:longer|shorter)\b"
    r"|(?:让|把)?(?:视频|短片|片子)(?:做得|变得)?(?:更|再)?(?:长|短)一(?:点|些)|(?:让|把)(?:视频|短片|片子)(?:变|加|做)(?:长|短)",
    re.IGNORECASE,
)
LENGTH: Final = re.compile(
    r"\b(?P<en>\d{1,3}(?:\.\d)?)[- ]?(?:seconds?|secs?|s)[- ](?:long[- ])?(?:video|clip|film|movie)\b"
    r"|(?P<zh>\d{1,3}(?:\.\d)?) ?秒钟?的?(?:视频|短片|影片|片子)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile('"[^"\n]{0,400}"|“[^”\n]{0,400}”|「[^」\n]{0,400}」|《[^》\n]{0,100}》')
_TIDY: Final = ((re.compile(r"[ \t]{2,}"), " "), (re.compile(r" +([,.;!?，。；！？])"), r"\1"))


def unquoted(text: str) -> str:
    """Return a text of the same length with everything in quotes blanked: what is said or written is not judged.

    >>> unquoted('She says "beautiful!" and smiles')
    'She says              and smiles'
    """
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    """Return where a pattern is found outside quotes."""
    return tuple(found.span() for found in pattern.finditer(unquoted(text)) if found[0].strip())


def cut(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text without these places, tidied: no double blanks, no blank before a comma.

    >>> cut("a beautiful street, wet", [(2, 11)])
    'a street, wet'
    """
    for start, end in sorted(places, reverse=True):
        text = text[:start] + text[end:]
    for pattern, instead in _TIDY:
        text = pattern.sub(instead, text)
    return text.strip(" \t")


def quoted(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the words at these places, each once, as a sentence lists them."""
    return ", ".join(dict.fromkeys(text[start:end].strip() for start, end in places))
