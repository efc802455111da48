"""Read the answer of an endpoint, whatever its dialect: bytes in, text and a verdict out. Pure: no network, no clock.

What it is decides the status, then the first byte: `<` a web page, `{` one JSON object, anything else an event stream.
Source of the rules: PROTOCOL.md, section 7; RELIABILITY.md, a and b.
"""

from __future__ import annotations

from services.endpoint.chunks import AnswerError, Usage, parse
from services.endpoint.links import Link
from services.endpoint.sse import Decoder
from services.endpoint.stream import Delta, Snapshot, Stream
from services.endpoint.verdict import Answer, answer_of, of_html, of_status, of_stream

__all__ = ["Answer", "AnswerError", "AnswerReader", "Delta", "Link", "Snapshot", "Usage"]

TOTAL_LIMIT_BYTES = 256 * 1024**2
BODY_LIMIT_BYTES = 8 * 1024**2
HEAD_BYTES = 64 * 1024
_BLANK = b" \t\r\n\xef\xbb\xbf"


class AnswerReader:
    """Read one answer, cut anywhere. Nothing an endpoint sends raises; the same bytes give the same answer."""

    def __init__(self, *, http_status: int, content_type: str, base_url: str) -> None:
        """Begin an answer with this status; relative links are resolved against the base URL's origin."""
        self._status = http_status
        self._content_type = content_type
        self._stream = Stream(base_url)
        self._decoder = Decoder()
        self._mode = "start" if http_status == 200 else "error"
        self._bytes = 0
        self._head = b""
        self._body: list[bytes] = []
        self._full = False
        self._answer: Answer | None = None

    @property
    def done(self) -> bool:
        """True once the answer said that it is over; the caller stops reading, even if the connection stays open."""
        return self._stream.done

    @property
    def failed(self) -> bool:
        """True once a limit of ours was reached (or enough of an error page was read): the caller stops reading."""
        return self._full or self._stream.over is not None

    def feed(self, chunk: bytes) -> list[Delta]:
        """Take the next bytes; return the text they complete."""
        if self.done or self.failed or self._answer:
            return []
        room = TOTAL_LIMIT_BYTES - self._bytes
        too_much, chunk = len(chunk) > room, chunk[:room]
        self._bytes += len(chunk)
        if len(self._head) < HEAD_BYTES:
            self._head += chunk[: HEAD_BYTES - len(self._head)]
        self._take(chunk)
        if too_much and not self.done:
            self._stream.over = self._stream.over or "limit_total"
        return self._stream.deltas()

    def snapshot(self) -> Snapshot:
        """Return what is sure so far; cheap enough for every 250 ms."""
        return self._stream.snapshot()

    def finish(self, *, complete: bool = True) -> Answer:
        """Judge the answer. `complete=False`: the connection says that the body was cut."""
        if self._answer is None:
            self._answer = self._finish(broke=not complete)
        return self._answer

    def _take(self, chunk: bytes) -> None:
        if self._mode == "start":
            chunk = self._begin(chunk)
        if self._mode == "events":
            self._take_events(chunk)
        elif self._mode == "json":
            self._take_body(chunk)
        elif self._mode in ("error", "page"):
            self._full = len(self._head) >= HEAD_BYTES

    def _begin(self, chunk: bytes) -> bytes:
        """Hold blanks back until the first byte tells what this is."""
        self._body.append(chunk)
        first = chunk.lstrip(_BLANK)[:1]
        if not first and self._bytes < HEAD_BYTES:
            return b""
        self._mode = {b"<": "page", b"{": "json", b"[": "json"}.get(first, "events")
        chunk, self._body = b"".join(self._body), []
        return chunk

    def _take_events(self, chunk: bytes) -> None:
        for event in self._decoder.feed(chunk):
            self._stream.data(event.data, event.event)
            if self.done or self._stream.over:
                return
        self._stream.over = self._stream.over or self._decoder.over

    def _take_body(self, chunk: bytes) -> None:
        self._body.append(chunk)
        if self._bytes > BODY_LIMIT_BYTES:
            self._stream.over, self._body = "limit_event", []

    def _finish(self, *, broke: bool) -> Answer:
        stream = self._stream
        if self._mode == "error":
            return answer_of(stream, (), of_status(self._status, self._content_type, self._head))
        if self._mode == "page":
            return answer_of(stream, (), of_html(self._head))
        if self._mode == "json":
            whole = self._read_json()
        else:
            whole = False
            self._read_leftovers()
        ended = whole or stream.done or stream.finish_stands
        stream.finish_text(cut=not ended)
        links = stream.all_links()
        verdict = of_stream(stream, links, head=self._head, ended=ended, broke=broke)
        return answer_of(stream, links, verdict)

    def _read_json(self) -> bool:
        """Read one JSON object, or else one a line. Return whether it was one whole, usable object."""
        text = b"".join(self._body).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
        try:
            value = parse(text)
        except ValueError:
            return self._read_lines(text)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, dict):
            self._stream.chunk(value, kind="json_envelope_error")
            if "choices" not in value and not self._stream.error and not self._stream.all_links():
                self._stream.chunks = 0  # an object, but no answer
        return True

    def _read_lines(self, text: str) -> bool:
        for line in text.splitlines():
            line = line.strip().removeprefix("data:").strip()
            if line[:1] == "{" or line[:5] == "[DONE":
                before = self._stream.chunks
                self._stream.data(line)
                self._stream.events = 1 if self._stream.chunks > before or self._stream.chunks else 0
        return False

    def _read_leftovers(self) -> None:
        """Honour what a strict decoder drops: JSON without `data:`, and a last event that nothing ended."""
        stream = self._stream
        if stream.done or stream.over:
            return
        for stray in self._decoder.stray:
            self._offer(stray.decode("utf-8", "replace"), "message")
        for line in self._decoder.rest.split("\n"):
            self._offer(line, self._decoder.rest_event)

    def _offer(self, line: str, event: str) -> None:
        line = line.strip()
        if line[:5] == "[DONE":
            self._stream.data(line)
        elif line[:1] == "{":
            try:
                value = parse(line)
            except ValueError:
                self._stream.flags["cut_line"] = None
                return
            if isinstance(value, dict):
                self._stream.data(line, event)
