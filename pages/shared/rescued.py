"""Which videos of a generation are still worth a word once a person has brought the film themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.generations import Generation, Video


def still_told(generation: Generation) -> tuple[Video, ...]:
    """Return all videos; without those whose link failed when a link that a person pasted has brought the film."""
    if not any(video.state == "kept" and video.paste_id for video in generation.videos):
        return tuple(generation.videos)
    return tuple(video for video in generation.videos if video.state != "failed")
