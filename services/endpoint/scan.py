"""Read the text of an answer while it grows: progress, stage, task ids and links, line by line. Pure.

Complete lines are read once. The unfinished last line is looked at again for each snapshot while it is short; nothing
of what is found there is kept, so the result never depends on when somebody looked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from services.endpoint.links import Candidate, Link, Links, find, walk
from services.endpoint.progress import has_label, is_echo, percents, stage_in

TAIL_CHARACTERS = 64 * 1024
PERCENTS_KEPT = 10_000
TASKS_KEPT = 100
_VIDEO_LINES = 8
_TASK = re.compile(
    r"(?:任务\s?ID|task[ _-]?id|创建视频任务|^[>\s*]{0,8}ID)[*\s]{0,4}[:：=]\s{0,4}[`\"'*]{0,3}"
    r"([A-Za-z0-9][\w:.-]{5,127})(?![\w:.-])",
    re.IGNORECASE,
)
_TASK_PATH = re.compile(r"/(?:web|source)/([A-Za-z0-9][\w:.-]{5,127})(?=$|[?#/])")


@dataclass(slots=True)
class Found:
    """What was found so far."""

    links: Links
    progress: list[int] = field(default_factory=list)
    stage: str | None = None
    tasks: dict[str, None] = field(default_factory=dict)

    def percent(self, number: int) -> None:
        """Keep a percentage unless it repeats the one before."""
        if self.progress[-1:] != [number] and len(self.progress) < PERCENTS_KEPT:
            self.progress.append(number)

    def task(self, name: str) -> None:
        """Keep a task id."""
        if 0 < len(name) <= 200 and len(self.tasks) < TASKS_KEPT:
            self.tasks.setdefault(name.rstrip(".:"))

    def field_values(self, value: object) -> None:
        """Keep the links and task ids in the fields of a JSON value."""
        links, tasks = walk(value)
        for candidate in links:
            self.links.add(candidate, from_field=True)
        for name in tasks:
            self.task(name)


@dataclass(frozen=True, slots=True)
class Peek:
    """What the unfinished last line says."""

    progress: tuple[int, ...] = ()
    stage: str | None = None
    links: tuple[Link, ...] = ()


class Scanner:
    """Read one channel (content or reasoning) of an answer. `found` may be shared, `links` is the channel's own."""

    def __init__(self, found: Found, links: Links, *, any_stage: bool) -> None:
        self._found = found
        self._links = links
        self._any_stage = any_stage
        self._tail: list[str] = []
        self._tail_characters = 0
        self._labelled = False
        self._fence: list[str] | None = None
        self._unit: list[str] = []
        self._video_open = False
        self._peeked: tuple[int, Peek] | None = None

    def push(self, text: str) -> None:
        """Take the next text of the channel."""
        if "\n" not in text:
            self._tail.append(text)
            self._tail_characters += len(text)
        else:
            head, _, rest = text.rpartition("\n")
            lines = "".join([*self._tail, head]).split("\n")
            self._tail, self._tail_characters = [rest], len(rest)
            for line in lines:
                self._take(line)
        self._peeked = None

    def finish(self, *, cut: bool) -> None:
        """Read the last line. `cut`: the answer broke off, so a link nothing closed is not sure."""
        tail, self._tail, self._tail_characters = "".join(self._tail), [], 0
        if tail:
            self._take(tail, last=True, sure=not cut)
        if self._fence is not None:
            self._close_fence(sure=not cut)
        self._read_unit(sure=not cut)

    def peek(self) -> Peek:
        """Look at the unfinished line without keeping anything."""
        if self._fence is not None or not 0 < self._tail_characters + sum(map(len, self._unit)) <= TAIL_CHARACTERS:
            return Peek()
        if self._peeked is None:
            self._peeked = (self._tail_characters, self._look("".join(self._tail)))
        return self._peeked[1]

    def _look(self, line: str) -> Peek:
        text = "\n".join([*self._unit, line])
        if is_echo(line) or line.lstrip().startswith(("```", "{", "[{")):
            return Peek()
        judged = (self._links.judge(candidate) for candidate in find(text) if not candidate.at_end)
        links = tuple(link for link in judged if link)
        return Peek(tuple(percents(line, labelled=self._labelled)), stage_in(line, any_line=self._any_stage), links)

    def _take(self, line: str, *, last: bool = False, sure: bool = True) -> None:
        start = line.lstrip()[:7].lower() if "```" in line else ""
        if self._fence is not None:
            if start.startswith("```"):
                self._close_fence(sure=True)
            else:
                self._fence.append(line)
        elif start == "```json":
            self._read_unit(sure=True)
            self._fence = []
        else:
            self._note(line)
            self._gather(line)
            if not last and not (self._video_open and len(self._unit) < _VIDEO_LINES):
                self._read_unit(sure=sure)

    def _note(self, line: str) -> None:
        if not line or is_echo(line):
            return
        for number in percents(line, labelled=self._labelled):
            self._found.percent(number)
        self._labelled = self._labelled or has_label(line)
        self._found.stage = stage_in(line, any_line=self._any_stage) or self._found.stage
        if "id" in line.lower() or "任务" in line:
            for name in _TASK.findall(line):
                self._found.task(name)

    def _gather(self, line: str) -> None:
        self._unit.append("" if is_echo(line) else line)
        if "<" in line:
            low = line.lower()
            opened, closed = low.rfind("<video"), low.rfind("</video")
            self._video_open = opened > closed if max(opened, closed) >= 0 else self._video_open

    def _read_unit(self, *, sure: bool) -> None:
        unit, self._unit, self._video_open = "\n".join(self._unit), [], False
        if not unit or not _may_link(unit):
            return
        bare = unit.strip()
        if bare[0] in "{[" and bare[-1] in "}]":
            self._read_json(bare)
        self._read_links(unit, sure=sure)

    def _read_links(self, text: str, *, sure: bool) -> None:
        for candidate in find(text):
            self._keep(candidate, sure=sure or not candidate.at_end)

    def _read_json(self, text: str) -> bool:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return False
        candidates, tasks = walk(value)
        for candidate in candidates:
            self._keep(candidate, sure=True)
        for name in tasks:
            self._found.task(name)
        return True

    def _keep(self, candidate: Candidate, *, sure: bool) -> None:
        self._links.add(candidate, sure=sure)
        if "asyncdata" in candidate.url[:200] and (task := _TASK_PATH.search(candidate.url)):
            self._found.task(task[1])

    def _close_fence(self, *, sure: bool) -> None:
        body, self._fence = "\n".join(self._fence or []), None
        if '"prompt"' in body[:4000] or '"prompt"' in body[-4000:]:
            return  # the request, echoed: what it says is ours
        if not self._read_json(body):
            self._read_links(body, sure=sure)


def _may_link(text: str) -> bool:
    return any(sign in text for sign in ("://", "](", "<", "{")) or text.lstrip("> \t").startswith("/")
