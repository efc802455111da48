"""Take secrets out of what an endpoint wrote, before anything is stored or shown (RELIABILITY h).

An endpoint may echo the token in its own 401. Literal secrets of eight or more bytes go, plain or as JSON writes them,
and so does whatever looks like a key: `sk-…` and `Bearer …`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

MARK = b"[redacted]"
SHORTEST = 8
"""A shorter secret would blank ordinary words: the token "t" every t."""

# A key begins where a word begins, so "task-management" and "…/task-01234567.mp4" stay; in JSON an escaped line end
# also ends in a letter.
_BEGINS = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_KEY = rb"[A-Za-z0-9_-]"
_CREDENTIAL = rb"[A-Za-z0-9._~+/=-]"
_SHAPES = rb"(?P<key>" + _BEGINS + rb"sk-" + _KEY + rb"{8,})|(?P<bearer>Bearer {1,4}" + _CREDENTIAL + rb"{8,})"
_BEGUN = re.compile(
    _BEGINS
    + rb"s(?:k(?:-"
    + _KEY
    + rb"{0,7})?)?\Z|B(?:e(?:a(?:r(?:e(?:r(?: {1,4}"
    + _CREDENTIAL
    + rb"{0,7})?)?)?)?)?)?\Z"
)
_LONGEST_BEGUN = 24
_MORE = {"key": re.compile(_KEY + rb"*"), "bearer": re.compile(_CREDENTIAL + rb"*")}
_LOOK_BACK = 2


class Redactor:
    """Replaces secrets by `[redacted]`, in a text or in a stream cut anywhere. One object serves one stream."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        """Prepare for these secrets; those of fewer than eight bytes are found only behind `Bearer` or as `sk-…`."""
        self._literals = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len)[::-1]
        words = b"|".join(map(re.escape, self._literals))
        self._pattern = re.compile((words + b"|" if words else b"") + _SHAPES)
        self._before = b""
        self._held = b""
        self._swallowing: str | None = None

    def text(self, text: str) -> str:
        """Return the text without secrets; the stream is left alone."""
        data = text.encode("utf-8", "surrogatepass")
        return self._pattern.sub(MARK, data).decode("utf-8", "surrogatepass")

    def feed(self, data: bytes) -> bytes:
        """Return what is certain by now; only an end that may begin a secret is held back."""
        return self._take(data, last=False)

    def finish(self) -> bytes:
        """Return the rest, and be ready for another stream."""
        rest = self._take(b"", last=True)
        self._before = b""
        self._swallowing = None
        return rest

    def _take(self, data: bytes, *, last: bool) -> bytes:
        data = self._swallow(data)
        buffer = self._before + self._held + data
        at = len(self._before)
        hold = len(buffer) if last else self._may_begin_at(buffer, at)
        out: list[bytes] = []
        while (found := self._pattern.search(buffer, at)) and found.start() < hold:
            out += [buffer[at : found.start()], MARK]
            at = found.end()
            if at == len(buffer):
                self._swallowing = found.lastgroup
        hold = max(hold, at)
        out.append(buffer[at:hold])
        self._before = buffer[max(0, hold - _LOOK_BACK) : hold]
        self._held = buffer[hold:]
        return b"".join(out)

    def _swallow(self, data: bytes) -> bytes:
        """Drop what belongs to a key already replaced: its end is not known until another sign comes."""
        if self._swallowing is None or not data:
            return data
        more = _MORE[self._swallowing].match(data)
        end = more.end() if more else 0
        if end < len(data):
            self._swallowing = None
        self._before = (self._before + data[:end])[-_LOOK_BACK:]
        return data[end:]

    def _may_begin_at(self, buffer: bytes, start: int) -> int:
        begun = _BEGUN.search(buffer, max(start, len(buffer) - _LONGEST_BEGUN))
        hold = begun.start() if begun else len(buffer)
        for literal in self._literals:
            longest = min(len(literal) - 1, len(buffer) - start)
            for size in range(longest, len(buffer) - hold, -1):
                if buffer.endswith(literal[:size]):
                    hold = len(buffer) - size
                    break
        return hold


def _forms(secret: str) -> list[bytes]:
    spelled = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    forms = [form.encode("utf-8", "surrogatepass") for form in spelled]
    return [prefix + form for form in forms if len(form) >= SHORTEST for prefix in (b"", b"Bearer ")]
