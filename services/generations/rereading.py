"""Read a kept answer again, with today's reader: what it would say now beside what was stored. Pure.

The state may change only from one end to another, and never what a person or a limit decided: a cancelled generation
stays cancelled. What was redacted stays redacted: bytes in which a secret is cut in two read as the whole secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

from db.records import Ending, Generation, RawResponse
from db.states import ENDED, State
from services.endpoint.answer import AnswerReader
from services.endpoint.redact import MARK, Redactor
from services.jobs.endings import STOPPED, with_answer

CUT = frozenset({"cut_short", "worker_lost", "cancelled", *STOPPED})
"""Reasons that say that the connection did not come to its end by itself."""
UNTOUCHED = frozenset({"http_status", "duration_seconds", "content_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What reading again would change: names of columns with their values then and now, and links to fetch.

    `withheld`: the new reading would bring back something that was redacted, so it is not taken.
    """

    generation: Generation
    before: dict[str, Any]
    after: dict[str, Any]
    new_videos: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.after or self.new_videos or self.withheld)


def reread(generation: Generation, kept: RawResponse, redactor: Redactor) -> Change:
    """Return what today's reader makes of an ended generation's kept bytes."""
    ending, urls = _read(generation, kept, redactor)
    before = {name: getattr(generation, name) for name in _names()}
    after = {name: getattr(ending, name) for name in _names()}
    changed = [name for name in after if after[name] != before[name]]
    if _redactions(after) < _redactions(before) or ending.state not in ENDED:
        return Change(generation=generation, before={}, after={}, withheld=True)
    known = {video.source_url for video in generation.videos}
    mark = MARK.decode()
    return Change(
        generation=generation,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        new_videos=tuple(url for url in urls if url not in known and mark not in url),
    )


def _read(generation: Generation, kept: RawResponse, redactor: Redactor) -> tuple[Ending, tuple[str, ...]]:
    status, reason = generation.http_status or 200, generation.error_code
    reader = AnswerReader(http_status=status, content_type=kept.content_type, base_url=generation.base_url)
    reader.feed(kept.data)
    answer = reader.finish(complete=reason not in CUT)
    why = "user" if generation.state is State.CANCELLED else reason if reason in STOPPED else None
    ending = with_answer(answer, why=why, http_status=status, duration_seconds=generation.duration_seconds or 0.0)
    values = {field.name: redactor.value(getattr(ending, field.name)) for field in fields(ending)}
    values["flags"] += tuple(flag for flag in generation.flags if flag.startswith("header:"))
    unclear = {State.INCOMPLETE, State.UNKNOWN}
    if reason == "worker_lost" and ending.state in unclear:  # what stopped it stands: nobody knows more than then
        values |= {"state": generation.state, "error_code": reason, "error_message": generation.error_message}
    values |= {"state": State(values["state"]), "outcome": ending.outcome}
    return Ending(**values), tuple(map(redactor.text, answer.resolved_video_urls))


def _names() -> list[str]:
    return [field.name for field in fields(Ending) if field.name not in UNTOUCHED]


def _redactions(values: dict[str, Any]) -> int:
    return json.dumps(values, default=str, ensure_ascii=False).count(MARK.decode())
