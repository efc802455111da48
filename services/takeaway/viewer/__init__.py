"""The page in the zip: opened by double click, it plays, searches and filters without a server or a network.

Script and style are admitted by their hashes and nothing else is; what was made lies in a block of JSON that no policy
runs, and becomes text nodes only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.takeaway.record import Taken, written

ANSWER_CHARS: Final = 2_000
_FOLDER = Path(__file__).parent


def item_of(taken: Taken) -> dict[str, Any]:
    """Return what the page shows of a generation; the answer is a beginning, the rest lies in the JSONL."""
    one = taken.generation
    films = [(video, taken.files[video.id]) for video in one.videos if video.id in taken.files]
    return {
        "id": one.id,
        "prompt": one.prompt,
        "model": one.model,
        "made": written(one.created_at),
        "state": str(one.state),
        "outcome": None if one.outcome is None else str(one.outcome),
        "rating": one.rating,
        "favourite": one.favourite,
        "tags": list(taken.tags),
        "collections": list(taken.collections),
        "notes": one.notes,
        "answer": one.content[:ANSWER_CHARS],
        "tokens": one.total_tokens,
        "picture": taken.picture,
        "films": [
            {"file": files.video, "poster": files.poster, "seconds": video.duration_seconds, "width": video.width,
             "height": video.height}
            for video, files in films if files.video
        ],
    }  # fmt: skip


def written_down(item: dict[str, Any]) -> bytes:
    """Return an item as it stands in the page: no sign in it can end the block."""
    return (
        json.dumps(item, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").encode("utf-8", "replace")
    )


def page(items: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the page with these items, each as `written_down`."""
    before, after = _frame()
    yield before
    comma = b"[\n"
    for item in items:
        yield comma + item
        comma = b",\n"
    yield b"\n]" if comma != b"[\n" else b"[]"
    yield after


@cache
def _frame() -> tuple[bytes, bytes]:
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("viewer.css", "viewer.js"))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "img-src 'self' file:",  # for a page from a file, 'self' is nothing
            "media-src 'self' file:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    whole = (_FOLDER / "viewer.html").read_text("utf-8")
    for name, text in (("POLICY", policy), ("STYLE", style), ("SCRIPT", script)):
        whole = whole.replace(f"%{name}%", text)
    before, _mark, after = whole.partition("%ITEMS%")
    return before.encode(), after.encode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
