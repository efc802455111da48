"""Text is cleaned once, at the door."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Return text that every store takes: NUL and lone surrogates become U+FFFD (RELIABILITY a).

    >>> clean("a\\x00b")
    'a\ufffdb'
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
