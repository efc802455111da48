"""Server-sent events: bytes in, events out. Pure, strict to the WHATWG text, indifferent to where reads end.

Source of the rules: RELIABILITY.md, a. What is left over when the stream ends stays here (`rest`, `stray`) for the
reader of the answer to judge: a strict decoder drops it, a paid answer should not.
"""

from __future__ import annotations

from dataclasses import dataclass

LINE_LIMIT_BYTES = 4 * 1024**2
EVENT_LIMIT_BYTES = 8 * 1024**2
STRAY_LINES_KEPT = 16
STRAY_BYTES_KEPT = 64 * 1024

_BOM = b"\xef\xbb\xbf"
_CR, _LF, _COLON, _SPACE, _BRACE = b"\r"[0], b"\n"[0], b":"[0], b" "[0], b"{"[0]


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatched event: its name (`message` unless named), its data, the last id seen."""

    event: str
    data: str
    id: str


class Decoder:
    """Turn chunks of bytes, cut anywhere, into events.

    A line or an event over its limit sets `over` to `limit_line` or `limit_event`; from then on nothing is decoded and
    nothing is kept. Nothing ever raises.
    """

    def __init__(self) -> None:
        self.over: str | None = None
        self.stray: list[bytes] = []  # lines that look like JSON sent without `data:`
        self._start: bytes | None = b""  # bytes held while a BOM is still possible
        self._swallow_lf = False
        self._line: list[bytes] = []
        self._line_bytes = 0
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._event = b""
        self._id = ""

    def feed(self, chunk: bytes) -> list[Event]:
        """Take the next bytes; return the events they complete."""
        chunk = self._without_bom(chunk)
        if self._swallow_lf and chunk:
            self._swallow_lf = False
            chunk = chunk[1:] if chunk[0] == _LF else chunk
        if self.over or not chunk:
            return []
        self._swallow_lf = chunk[-1] == _CR
        pieces = chunk.splitlines()  # bytes split at CR, LF and CRLF only, unlike str
        last = None if chunk[-1] in (_CR, _LF) else pieces.pop()
        events: list[Event] = []
        for piece in pieces:
            self._end_line(piece, events)
        if last is not None:
            self._hold(last)
        return events

    @property
    def rest(self) -> str:
        """The data of the event that was never dispatched, its unfinished last line included."""
        lines = list(self._data)
        line = b"".join(self._line)
        if line.startswith(b"data:"):
            lines.append(line[6:] if line[5:6] == b" " else line[5:])
        elif line[:1] == b"{":
            lines.append(line)
        return b"\n".join(lines).decode("utf-8", "replace")

    @property
    def rest_event(self) -> str:
        """The name of the event that was never dispatched."""
        return self._event.decode("utf-8", "replace") or "message"

    def _without_bom(self, chunk: bytes) -> bytes:
        if self._start is None:
            return chunk
        self._start += chunk
        if len(self._start) < len(_BOM) and _BOM.startswith(self._start):
            return b""
        chunk, self._start = self._start.removeprefix(_BOM), None
        return chunk

    def _hold(self, piece: bytes) -> None:
        self._line.append(piece)
        self._line_bytes += len(piece)
        if self._line_bytes > LINE_LIMIT_BYTES:
            self._give_up("limit_line")

    def _end_line(self, piece: bytes, events: list[Event]) -> None:
        if self._line_bytes:
            self._line.append(piece)
            piece = b"".join(self._line)
            self._line, self._line_bytes = [], 0
        if self.over:
            return
        if not piece:
            self._dispatch(events)
        elif len(piece) > LINE_LIMIT_BYTES:
            self._give_up("limit_line")
        elif piece[0] != _COLON:
            self._field(piece)

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"data":
            self._data.append(value)
            self._data_bytes += len(value) + 1
            if self._data_bytes > EVENT_LIMIT_BYTES:
                self._give_up("limit_event")
        elif name == b"event":
            self._event = value
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif line[0] == _BRACE and len(self.stray) < STRAY_LINES_KEPT:
            self.stray.append(line[:STRAY_BYTES_KEPT])

    def _dispatch(self, events: list[Event]) -> None:
        if self._data:
            data = b"\n".join(self._data).decode("utf-8", "replace")
            events.append(Event(self.rest_event, data, self._id))
            self._data, self._data_bytes = [], 0
        self._event = b""

    def _give_up(self, code: str) -> None:
        self.over = code
        self._line, self._line_bytes = [], 0
        self._data, self._data_bytes = [], 0
