"""One generation as the plain object that `--json` prints (README, "From the command line")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from db.records import Generation, Video
from db.states import IN_FLIGHT, WAITING, State

PathOf = Callable[[Video], object]  # a path, an address, or None


def maybe_charged(generation: Generation) -> bool | None:
    """Tell whether this may have cost money: False surely not, True it may have, None while in flight.

    What the person read on the bill goes before what the state lets one conclude.
    """
    state = generation.state
    if state in IN_FLIGHT:
        return None
    if generation.charged is not None:
        return generation.charged
    if state in WAITING or state in {State.NOT_SENT, State.REJECTED}:
        return False
    return not (state is State.CANCELLED and generation.sent_at is None)


def as_report(generation: Generation, path_of: PathOf) -> dict[str, Any]:
    """Return what `--json` prints. `path_of` finds a kept video's file; unknown figures are None, never 0."""
    return {
        "id": generation.id,
        "state": str(generation.state),
        "outcome": None if generation.outcome is None else str(generation.outcome),
        "prompt": generation.prompt,
        "model": generation.model,
        "content": generation.content,
        "reasoning": generation.reasoning,
        "progress": _without_equal_neighbours(generation.progress),
        "links": _urls(generation),
        "videos": [_video(video, path_of) for video in generation.videos],
        "task_ids": list(generation.task_ids),
        "finish_reason": generation.finish_reason,
        "usage": _usage(generation),
        "error": _error(generation),
        "maybe_charged": maybe_charged(generation),
    }


def _without_equal_neighbours(percents: tuple[int, ...]) -> list[int]:
    return [now for index, now in enumerate(percents) if index == 0 or percents[index - 1] != now]


def _urls(generation: Generation) -> list[str]:
    """Return the links of the answer as they were written: videos first, then pages, then where to ask again."""
    order = {"video": 0, "page": 1, "recovery": 2}
    links = [link for link in generation.links if link.get("kind") in order]
    return [str(link["url"]) for link in sorted(links, key=lambda link: order[link["kind"]])]


def _video(video: Video, path_of: PathOf) -> dict[str, Any]:
    path = path_of(video)
    return {
        "source_url": video.source_url,
        "state": str(video.state),
        "path": None if path is None else str(path),
        "sha256": video.sha256,
        "bytes": video.size_bytes,
        "duration_seconds": video.duration_seconds,
        "width": video.width,
        "height": video.height,
    }


def _usage(generation: Generation) -> dict[str, int | None] | None:
    counts = {
        "prompt_tokens": generation.prompt_tokens,
        "completion_tokens": generation.completion_tokens,
        "total_tokens": generation.total_tokens,
    }
    return None if all(count is None for count in counts.values()) else counts


def _error(generation: Generation) -> dict[str, Any] | None:
    if generation.error_code is None:
        return None
    return {
        "code": generation.error_code,
        "http_status": generation.http_status,
        "message": generation.error_message or "",
    }
