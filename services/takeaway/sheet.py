"""The table of what is taken away, one generation a row. Pure; its cells are defused where they are written."""

from __future__ import annotations

from typing import Final

from db.states import VideoState
from services.takeaway.cost import amount_of, cost_is, rule_of
from services.takeaway.record import Taken, written

HEADINGS: Final = (
    *("created_at", "prompt", "model", "state", "outcome", "rating", "favourite", "tags", "collections", "notes"),
    *("took_seconds", "prompt_tokens", "completion_tokens", "total_tokens", "charged", "videos", "files"),
    *("video_seconds", "width", "height", "sha256", "endpoint", "demo", "error", "id", "parent_id"),
    *("cost", "currency", "cost_is", "cost_rule"),
)


def row_of(taken: Taken) -> tuple[object, ...]:
    """Return the cells of a generation; unknown is empty."""
    one = taken.generation
    kept = [video for video in one.videos if video.state is VideoState.KEPT]
    first = kept[0] if kept else None
    files = [files.video for video in kept if (files := taken.files.get(video.id)) and files.video]
    return (
        *(written(one.created_at), one.prompt, one.model, str(one.state), one.outcome and str(one.outcome)),
        *(one.rating, _yes(one.favourite), ", ".join(taken.tags), ", ".join(taken.collections), one.notes),
        *(one.duration_seconds, one.prompt_tokens, one.completion_tokens, one.total_tokens, _yes(one.charged)),
        *(len(kept), "\n".join(files), first and first.duration_seconds, first and first.width, first and first.height),
        *("\n".join(video.sha256 or "" for video in kept), one.endpoint_name, _yes(one.demo), one.error_code),
        *(
            one.id,
            one.parent_id,
            amount_of(one),
            one.cost_currency if amount_of(one) else None,
            cost_is(one),
            rule_of(one),
        ),
    )


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"
