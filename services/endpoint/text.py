"""Text at the door: cleaned once, and a leading `<think>` block told apart. Pure."""

from __future__ import annotations

import re

_BAD = re.compile("[\x00\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_OPEN, _CLOSE = "<think>", "</think>"
_CLOSE_TAG = re.compile(_CLOSE, re.IGNORECASE)
_BLANK_HELD = 4096


def clean(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD: databases refuse both. Source: RELIABILITY.md, a."""
    if text.isascii() and "\0" not in text:
        return text
    return _BAD.sub("\ufffd", text)


def _join_pair(found: re.Match[str]) -> str:
    return found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


class Cleaner:
    """Clean text that comes in pieces; a surrogate pair cut between two pieces is put together again."""

    def __init__(self) -> None:
        self._high = ""

    def push(self, text: str) -> str:
        """Return the clean part of what came so far."""
        if not self._high and text.isascii():
            return clean(text)
        text, self._high = self._high + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._high = text[:-1], text[-1]
        return clean(_PAIR.sub(_join_pair, text))

    def finish(self) -> str:
        """Return what was still held."""
        held, self._high = self._high, ""
        return clean(held)


class ThinkSplitter:
    """Tell a leading `<think>…</think>` from the answer; relays that turn reasoning into content send it so."""

    def __init__(self) -> None:
        self._mode = "start"
        self._held = ""

    def push(self, text: str) -> list[tuple[str, str]]:
        """Return (kind, text) pieces, kind `content` or `reasoning`, as far as they are decided."""
        pieces: list[tuple[str, str]] = []
        text, self._held = self._held + text, ""
        while text:
            if self._mode == "after":
                pieces.append(("content", text))
                break
            text = self._think(text, pieces) if self._mode == "think" else self._start(text)
        return pieces

    def finish(self) -> list[tuple[str, str]]:
        """Return what was still undecided."""
        held, self._held = self._held, ""
        kind = "reasoning" if self._mode == "think" else "content"
        return [(kind, held)] if held else []

    def _start(self, text: str) -> str:
        bare = text.lstrip()
        if bare[:7].lower() == _OPEN:
            self._mode = "think"
            return bare[7:]
        if len(bare) < 7 and _OPEN.startswith(bare.lower()) and len(text) < _BLANK_HELD:
            self._held = text
            return ""
        self._mode = "after"
        return text

    def _think(self, text: str, pieces: list[tuple[str, str]]) -> str:
        match = _CLOSE_TAG.search(text) if "<" in text else None
        if match:
            self._mode, said, rest = "start", text[: match.start()], text[match.end() :]
        else:
            keep = next((n for n in range(7, 0, -1) if text[-n:].lower() == _CLOSE[:n]), 0)
            said, self._held, rest = text[: len(text) - keep], text[len(text) - keep :], ""
        if said:
            pieces.append(("reasoning", said))
        return rest
