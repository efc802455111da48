"""One generation as plain data: what stands in the JSONL and beside each video. Pure.

Neither the request nor the endpoint's address is in it: the one may hold what an endpoint was told in confidence, the
other is nobody else's business. Unknown is null, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.records import Generation, Video
from services.takeaway.cost import cost_of, cost_said

FORMAT: Final = "dailies/1"
RULE: Final = "\n\n-- \n"
"""Between the prompt and the facts in a text that lies beside a video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Under which names a video and its poster lie in the zip; "" where they do not. `words`: some are in the video."""

    video: str = ""
    poster: str = ""
    words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A generation with what stands beside its row, on its way out. `files` by video id.

    `picture`: under which name the picture it was sent with lies in the zip, "" where it does not.
    """

    generation: Generation
    tags: Sequence[str]
    collections: Sequence[str]
    files: Mapping[str, Files]
    picture: str = ""


def as_record(taken: Taken) -> dict[str, Any]:
    """Return it as it is written down."""
    one = taken.generation
    return {
        "format": FORMAT,
        "id": one.id,
        "parent_id": one.parent_id,
        "prompt": one.prompt,
        "model": one.model,
        "endpoint": one.endpoint_name,
        "demo": one.demo,
        "state": str(one.state),
        "outcome": None if one.outcome is None else str(one.outcome),
        "content": one.content,
        "reasoning": one.reasoning,
        "progress": list(one.progress),
        "links": list(one.links),
        "task_ids": list(one.task_ids),
        "finish_reason": one.finish_reason,
        "usage": _usage(one),
        "charged": one.charged,
        "cost": cost_of(one),
        "error": _error(one),
        "times": _times(one),
        "fields": _composed(one.fields),
        "picture": {"file": taken.picture or None, "sha256": one.picture} if one.picture else None,
        "marks": {
            "favourite": one.favourite,
            "rating": one.rating,
            "notes": one.notes,
            "tags": list(taken.tags),
            "collections": list(taken.collections),
        },
        "videos": [_video(video, taken.files.get(video.id, Files())) for video in one.videos],
    }


def as_text(taken: Taken) -> str:
    """Return it for a reader: the prompt, then one fact a line."""
    one = taken.generation
    facts = {
        "Model": one.model,
        "Made": written(one.created_at),
        "Rating": one.rating,
        "Tags": ", ".join(taken.tags),
        "Collections": ", ".join(taken.collections),
        "Tokens": one.total_tokens,
        "Cost": cost_said(one),
        "Id": one.id,
        "Notes": one.notes,
        "Answer": one.content,
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value not in (None, "")]
    return f"{one.prompt}{RULE}" + "\n".join(lines) + "\n"


def words_of(generation: Generation, video: Video) -> dict[str, str]:
    """Return what is written into the copy of a video."""
    return {
        "title": generation.prompt,
        "description": generation.prompt,
        "artist": generation.model,
        "date": written(generation.created_at) or "",
        "id": generation.id,
        "sha256": video.sha256 or "",
    }


def written(at: dt.datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    return None if at is None else at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _usage(one: Generation) -> dict[str, Any]:
    counts = {name: getattr(one, name) for name in ("prompt_tokens", "completion_tokens", "total_tokens")}
    return {**counts, "said": one.usage}


def _error(one: Generation) -> dict[str, Any] | None:
    if one.error_code is None:
        return None
    return {"code": one.error_code, "http_status": one.http_status, "message": one.error_message or ""}


def _times(one: Generation) -> dict[str, Any]:
    names = ("created_at", "sent_at", "first_byte_at", "ended_at", "charged_at")
    return {**{name: written(getattr(one, name)) for name in names}, "duration_seconds": one.duration_seconds}


def _composed(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what was composed, without what an endpoint was asked for beside it."""
    return None if fields is None else {name: value for name, value in fields.items() if name not in _PRIVATE}


_PRIVATE: Final = frozenset({"extra", "batch"})


def _video(video: Video, files: Files) -> dict[str, Any]:
    return {
        "file": files.video or None,
        "poster": files.poster or None,
        "words_in_file": files.words,
        "sha256": video.sha256,
        "media_type": video.media_type,
        "bytes": video.size_bytes,
        "duration_seconds": video.duration_seconds,
        "width": video.width,
        "height": video.height,
        "source_url": video.source_url,
        "state": str(video.state),
        "error_code": video.error_code,
    }
