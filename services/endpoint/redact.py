"""Take secrets out of what an endpoint wrote, before anything is stored or shown (RELIABILITY h).

An endpoint may echo the token in its own 401. Literal secrets of eight or more bytes go, plain or as JSON, HTML, URLs
and base64 write them, and so does whatever looks like a key: `sk-…` and `Bearer …`.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

MARK = b"[redacted]"
SHORTEST = 8
"""A shorter secret would blank ordinary words: the token "t" every t."""

# A key begins where a word begins, so "task-management" and "…/task-01234567.mp4" stay; in JSON an escaped line end
# also ends in a letter.
_BEGINS = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_KEY = rb"[A-Za-z0-9_-]"
_CREDENTIAL = rb"[A-Za-z0-9._~+/=-]"
_SHAPES = re.compile(
    rb"(?P<key>" + _BEGINS + rb"sk-" + _KEY + rb"{8,})|(?P<bearer>Bearer {1,4}" + _CREDENTIAL + rb"{8,})"
)
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

    def __init__(self, secrets: Iterable[str | None] = (), *, least: int = 1) -> None:
        """Prepare for these secrets; those of fewer than eight bytes are found only behind `Bearer` or as `sk-…`.

        A stream's end is held back when `least` bytes of a secret stand there; with more than one, what merely looks
        like the beginning of somebody's key is not waited for.
        """
        self._least = least
        self._look_back = max(_LOOK_BACK, least - 1)
        self._literals = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len)[::-1]
        words = b"|".join(map(re.escape, self._literals))
        self._pattern = re.compile((words + b"|" if words else b"") + _SHAPES.pattern)
        self._begins: dict[int, list[bytes]] = defaultdict(list)
        for literal in self._literals:
            self._begins[literal[0]].append(literal)
        self._first = re.compile(b"[" + re.escape(bytes(self._begins)) + b"]") if self._begins else None
        self._before = b""
        self._held = b""
        self._swallowing: str | None = None

    def text(self, text: str) -> str:
        """Return the text without secrets; the stream is left alone."""
        data = text.encode("utf-8", "surrogatepass")
        return self._wanted(data).sub(MARK, data).decode("utf-8", "surrogatepass")

    def value(self, value: Any) -> Any:
        """Return a value made of lists, mappings and texts with no secret in any of its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        return type(value)(self.value(item) for item in value) if isinstance(value, (list, tuple)) else value

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
        seek = (
            at if self._least == 1 else 0
        )  # signs let out already may turn out to begin a secret: the rest of it goes
        hold = len(buffer) if last else max(at, self._may_begin_at(buffer, seek))
        out: list[bytes] = []
        pattern = self._wanted(buffer)
        while (found := pattern.search(buffer, seek)) and found.start() < hold:
            out += [buffer[at : found.start()], MARK]
            at = seek = found.end()
            if at == len(buffer):
                self._swallowing = found.lastgroup
        hold = max(hold, at)
        out.append(buffer[at:hold])
        self._before = (
            buffer[max(seek, hold - self._look_back) : hold] if self._least > 1 else buffer[:hold][-_LOOK_BACK:]
        )
        self._held = buffer[hold:]
        return b"".join(out)

    def _wanted(self, data: bytes) -> re.Pattern[bytes]:
        """Return what to look for: twenty spellings at once are slow to search, and hardly ever there."""
        return self._pattern if any(literal in data for literal in self._literals) else _SHAPES

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
        """Return where the end of the buffer may begin a secret; its length if nowhere."""
        end = len(buffer)
        begun = _BEGUN.search(buffer, max(start, end - _LONGEST_BEGUN)) if self._least == 1 else None
        hold = begun.start() if begun else end
        if self._first is None:
            return hold
        for sign in self._first.finditer(buffer, max(start, end - len(self._literals[0]) + 1), end - self._least + 1):
            if sign.start() >= hold:
                break
            rest = buffer[sign.start() :]
            if any(literal.startswith(rest) and literal != rest for literal in self._begins[rest[0]]):
                return sign.start()
        return hold


class JoinedText:
    """Redacts pieces of text, each clean by itself, that make a secret when they are joined.

    A token cut over two deltas stands in no chunk of bytes, yet in their joined text. Held back is only an end that
    has four signs of a secret.
    """

    def __init__(self, secrets: Iterable[str | None]) -> None:
        known = [secret for secret in secrets if secret]
        self._streams: dict[str, Redactor] | None = defaultdict(lambda: Redactor(known, least=4)) if known else None

    def feed(self, pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return `(kind, text)` pieces that may be kept and shown."""
        if self._streams is None:
            return pieces
        fed = [(kind, self._streams[kind].feed(text.encode()).decode()) for kind, text in pieces]
        return [(kind, text) for kind, text in fed if text]

    def finish(self) -> list[tuple[str, str]]:
        """Return what was held back."""
        ends = [(kind, stream.finish().decode()) for kind, stream in (self._streams or {}).items()]
        return [(kind, text) for kind, text in ends if text]


def _forms(secret: str) -> list[bytes]:
    quoted = quote(secret, safe="")
    in_json = json.dumps(secret)[1:-1]
    spelled = {
        secret,
        in_json,
        in_json.replace("/", "\\/"),
        json.dumps(in_json)[1:-1],  # JSON within JSON: a relay that quotes another's error
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        quoted,
        re.sub("%..", lambda code: code[0].lower(), quoted),
    }
    forms = [form.encode("utf-8", "surrogatepass") for form in spelled]
    forms = [prefix + form for form in forms if len(form) >= SHORTEST for prefix in (b"", b"Bearer ")]
    return forms + _in_base64(secret.encode("utf-8", "surrogatepass"))


def _in_base64(secret: bytes) -> list[bytes]:
    """Return the signs that base64 has for a secret wherever it stands in what was encoded (three ways), both kinds."""
    if len(secret) < SHORTEST:
        return []
    forms = []
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before, first in ((0, 0), (1, 2), (2, 3)):
            whole = before + len(secret)
            forms.append(encode(b"\0" * before + secret)[first : whole * 8 // 6])
    return forms
