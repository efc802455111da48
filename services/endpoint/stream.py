"""The answer as it grows, event by event. Pure: text is gathered, scanned once, and never judged before the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from services.endpoint.chunks import AnswerError, Piece, error_in, parse, read_chunk, usage_in
from services.endpoint.links import Link, Links
from services.endpoint.scan import Found, Scanner
from services.endpoint.text import Cleaner, ThinkSplitter, clean
from services.endpoint.wording import category_of

TEXT_LIMIT_CHARACTERS = 16 * 1024**2
HINTS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of text as it arrived, clean. `kind`: content or reasoning."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is sure so far, while the answer still grows. Links are resolved."""

    progress: tuple[int, ...]
    stage: str | None
    video_urls: tuple[str, ...]
    task_ids: tuple[str, ...]
    recovery_urls: tuple[str, ...]


class Stream:
    """Gather an answer from its events. Nothing raises; what is odd becomes a flag."""

    def __init__(self, base_url: str) -> None:
        self.links = Links(base_url)
        self.thought_links = Links(base_url)
        self.found = Found(self.links)
        self.flags: dict[str, None] = {}
        self.bad_lines = 0
        self.events = 0
        self.chunks = 0
        self.done_seen: bool | str = False
        self.finish: str | None = None
        self.finish_stands = False  # nothing was said after it
        self.usage: dict[str, Any] | None = None
        self.error: AnswerError | None = None
        self.over: str | None = None
        self._hints: list[int] = []
        self._hint_stage: str | None = None
        self._parts: dict[str, list[str]] = {"content": [], "reasoning": []}
        self._characters = 0
        self._think = ThinkSplitter()
        self._cleaners = {"content": Cleaner(), "reasoning": Cleaner()}
        self._scanners = {
            "content": Scanner(self.found, self.links, any_stage=False),
            "reasoning": Scanner(self.found, self.thought_links, any_stage=True),
        }
        self._deltas: list[Delta] = []

    @property
    def done(self) -> bool:
        """True once `[DONE` was seen."""
        return self.done_seen is not False

    def deltas(self) -> list[Delta]:
        """Return the text that came since the last call."""
        deltas, self._deltas = self._deltas, []
        return deltas

    def text(self, kind: str) -> str:
        """Return the joined text of `content` or `reasoning`."""
        self._parts[kind] = ["".join(self._parts[kind])]
        return self._parts[kind][0]

    @property
    def progress(self) -> tuple[int, ...]:
        """The percentages in the text; those in fields only if the text has none."""
        return tuple(self.found.progress or self._hints)

    @property
    def stage(self) -> str | None:
        """The stage in the fields, else in the text."""
        return self._hint_stage or self.found.stage

    def data(self, data: str, event: str = "message") -> None:
        """Take the data of one event."""
        if self.done or self.over:
            return
        self.events += 1
        if not self._line(data, event):
            lines = data.split("\n") if "\n" in data else []
            if not lines or not self._each(lines, event):
                self.bad_lines += 1
                self.flags["bad_json"] = None

    def _each(self, lines: list[str], event: str) -> bool:
        """Read events that a server sent without the empty lines between them."""
        self.flags["joined_lines"] = None
        return sum(not (self.done or not line.strip() or self._line(line, event)) for line in lines) == 0

    def _line(self, text: str, event: str) -> bool:
        text = text.strip()
        if text[:5] == "[DONE":
            self.done_seen = True if text == "[DONE]" else "malformed"
            return True
        if not text:
            return True
        try:
            value = parse(text)
        except ValueError:
            value = None
        if isinstance(value, dict):
            self.chunk(value, named_error=event == "error")
        elif event == "error":
            message = clean((value if isinstance(value, str) else text)[:4000])
            self._fail(AnswerError("stream_error_chunk", category_of(message) or "upstream_error", message))
        return isinstance(value, dict) or event == "error"

    def chunk(self, chunk: dict[str, Any], *, named_error: bool = False, kind: str = "stream_error_chunk") -> None:
        """Take one JSON object."""
        self.chunks += 1
        if error := error_in(chunk, kind=kind, named=named_error):
            self._fail(error)
        if "usage" in chunk:
            self._take_usage(chunk["usage"])
        piece = read_chunk(chunk)
        for flag in piece.flags:
            self.flags[flag] = None
        if not error:
            self._take_extras(piece)
        self._say(piece)
        if piece.finish:
            self.finish, self.finish_stands = piece.finish, True

    def _fail(self, error: AnswerError) -> None:
        self.error = self.error or error

    def _take_usage(self, usage: Any) -> None:
        good = usage_in(usage)
        if good is not None:
            self.usage = good
        elif (isinstance(usage, dict) and usage.get("total_tokens") is not None) or (
            usage is not None and not isinstance(usage, dict)
        ):
            self.flags["usage_invalid"] = None

    def _take_extras(self, piece: Piece) -> None:
        for extra in piece.extras:
            self.found.field_values(extra)
            for value in (extra, *(extra.get(key) for key in ("wm", "metadata"))) if isinstance(extra, dict) else ():
                if isinstance(value, dict):
                    self._hint(value)

    def _hint(self, value: dict[str, Any]) -> None:
        number, stage = _number(value.get("progress")), value.get("stage")
        if 0 <= number <= 100 and self._hints[-1:] != [int(number)] and len(self._hints) < HINTS_KEPT:
            self._hints.append(int(number))
        if isinstance(stage, str) and stage.strip():
            self._hint_stage = clean(stage.strip()[:80])

    def _say(self, piece: Piece) -> None:
        if not (piece.content or piece.reasoning) or (piece.whole and self._parts["content"]):
            return
        self.finish_stands = False
        if piece.reasoning:
            self._keep("reasoning", self._cleaners["reasoning"].push(piece.reasoning))
        if piece.content:
            self._split(self._cleaners["content"].push(piece.content))

    def _split(self, text: str) -> None:
        for kind, part in self._think.push(text) if text else ():
            self._keep(kind, part)

    def _keep(self, kind: str, text: str) -> None:
        room = TEXT_LIMIT_CHARACTERS - self._characters
        if len(text) > room:
            text, self.over = text[:room], "limit_text"
        if text:
            self._characters += len(text)
            self._parts[kind].append(text)
            self._scanners[kind].push(text)
            self._deltas.append(Delta(kind, text))

    def snapshot(self) -> Snapshot:
        """Return what is sure by now."""
        content, thought = self._scanners["content"].peek(), self._scanners["reasoning"].peek()
        links = self.links.all(list(content.links))
        more = self.thought_links.all(list(thought.links))
        progress = list(self.progress)
        for number in (*thought.progress, *content.progress):
            if progress[-1:] != [number]:
                progress.append(number)
        return Snapshot(
            tuple(progress),
            self._hint_stage or content.stage or thought.stage or self.found.stage,
            tuple(link.resolved for link in links if link.kind == "video"),
            tuple(self.found.tasks),
            tuple(dict.fromkeys(link.resolved for link in (*links, *more) if link.kind == "recovery")),
        )

    def finish_text(self, *, cut: bool) -> None:
        """Let go of what was held back and read the last lines."""
        self._split(self._cleaners["content"].finish())
        for kind, text in self._think.finish():
            self._keep(kind, text)
        self._keep("reasoning", self._cleaners["reasoning"].finish())
        for kind in ("reasoning", "content"):
            self._scanners[kind].finish(cut=cut)

    def all_links(self) -> tuple[Link, ...]:
        """Return the links of the content; of those in thoughts ways to recover, videos only if nothing was said."""
        said = self.links.all()
        silent = not self.text("content").strip() and not any(link.kind == "video" for link in said)
        known = {link.resolved for link in said}
        thought = [link for link in self.thought_links.all() if link.resolved not in known]
        return (*said, *(link for link in thought if link.kind == "recovery" or (silent and link.kind == "video")))


def _number(value: Any) -> float:
    """Return a progress as a number, -1 if it is none."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?\s?[%％]?", value):
        return float(value.rstrip("%％ "))
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else -1
