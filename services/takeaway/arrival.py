"""What a record from elsewhere says, as far as it can be believed. Pure.

Every value is looked at: a stranger may have written it. Nothing in it may point to an endpoint of this installation,
ask for anything beside a prompt, or claim to be unfinished.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.states import ENDED, Outcome, State
from services.endpoint.text import clean
from services.errors import MarkError
from services.library.marks import MAX_NOTES_CHARS, checked_name
from services.media.container import EXTENSIONS
from services.prompts.composition import from_json, to_json
from services.takeaway.cost import read_cost
from services.takeaway.record import FORMAT

ELSEWHERE: Final = "imported"
"""The endpoint of what was made elsewhere: there is none of that name, so nothing of ours is ever sent for it."""
MAX_PROMPT: Final = 100_000
MAX_ANSWER: Final = 4_000_000
MAX_COUNT: Final = 2**53
_ID: Final = re.compile(r"[A-Za-z0-9_-]{6,32}", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z_]{1,62}", re.ASCII)
_SHA: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FIRST, _LAST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A video of a record: under which name it lies beside it ("" for nowhere), and what is said of it."""

    file: str
    poster: str
    sha256: str | None
    media_type: str | None
    duration_seconds: float | None
    width: int | None
    height: int | None
    source_url: str
    error_code: str | None


@dataclass(frozen=True, slots=True)
class Still:
    """The picture a record was sent with: under which name it lies beside it ("" for nowhere), and its hash."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A generation from elsewhere. `columns` are those of its row, but for whose it is."""

    id: str
    columns: Mapping[str, Any]
    tags: tuple[str, ...]
    collections: tuple[str, ...]
    films: tuple[Film, ...]
    still: Still | None = None


def read_record(said: object, now: dt.datetime) -> Incoming | None:
    """Return what a record says; None if it is none of ours, or tells of something that had not ended."""
    if not isinstance(said, dict) or said.get("format") != FORMAT or said.get("state") not in list(map(str, ENDED)):
        return None
    id, marks = said.get("id"), _mapping(said.get("marks"))
    if not isinstance(id, str) or _ID.fullmatch(id) is None:
        return None
    return Incoming(
        id=id,
        columns=_columns(said, now),
        tags=tuple(dict.fromkeys(_names(marks.get("tags"), 50))),
        collections=tuple(dict.fromkeys(_names(marks.get("collections"), 50))),
        films=tuple(_film(_mapping(one)) for one in _list(said.get("videos"), 20)),
        still=_still(_mapping(said.get("picture"))),
    )


def foreign(prompt: str, sha256: str, model: str, made: dt.datetime | None, now: dt.datetime) -> Incoming:
    """Return what a film with hardly a word beside it comes to: the same film is the same generation."""
    id = hashlib.sha256(f"film:{sha256}".encode()).hexdigest()[:24]
    said = {"prompt": prompt, "model": model, "state": "done", "outcome": "video"}
    times = {"created_at": None if made is None else made.isoformat()}
    return Incoming(id=id, columns=_columns({**said, "times": times}, now), tags=(), collections=(), films=())


def own_id(owner: str, id: str) -> str:
    """Return the id a generation gets here when somebody else here has it already."""
    return hashlib.sha256(f"{owner}:{id}".encode()).hexdigest()[:24]


def _columns(said: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    times, usage, marks, error = (_mapping(said.get(name)) for name in ("times", "usage", "marks", "error"))
    outcome, rating, parent = said.get("outcome"), marks.get("rating"), said.get("parent_id")
    at = {name: _time(times.get(name)) for name in ("created_at", "sent_at", "first_byte_at", "ended_at", "charged_at")}
    made = at["created_at"] or now
    code = error.get("code")
    return {
        **at,
        "created_at": made,
        "ended_at": at["ended_at"] or made,
        "duration_seconds": _number(times.get("duration_seconds"), 10**7),
        "parent_id": parent if isinstance(parent, str) and _ID.fullmatch(parent) else None,
        "state": State(said["state"]),
        "outcome": Outcome(outcome) if outcome in list(map(str, Outcome)) else None,
        "priority": 0,
        "prompt": _text(said.get("prompt"), MAX_PROMPT),
        "fields": _fields(said.get("fields")),
        "endpoint_id": ELSEWHERE,
        "endpoint_name": _text(said.get("endpoint"), 200),
        "base_url": "",
        "model": _text(said.get("model"), 200),
        "demo": said.get("demo") is True,
        "content": _text(said.get("content"), MAX_ANSWER),
        "reasoning": _text(said.get("reasoning"), MAX_ANSWER),
        "progress": [one for one in _list(said.get("progress"), 1_000) if _whole(one, 100) is not None],
        "links": [link for one in _list(said.get("links"), 100) if (link := _link(_mapping(one)))],
        "task_ids": [_text(one, 200) for one in _list(said.get("task_ids"), 50) if isinstance(one, str)],
        "flags": [],
        "finish_reason": _text(said.get("finish_reason"), 100) or None,
        **{name: _whole(usage.get(name), MAX_COUNT) for name in ("prompt_tokens", "completion_tokens", "total_tokens")},
        "usage": _plain(usage.get("said")),
        "http_status": _whole(error.get("http_status"), 599),
        "error_code": code if isinstance(code, str) and _CODE.fullmatch(code) else None,
        "error_message": _text(error.get("message"), 2_000) or None,
        "cancel_requested": False,
        "charged": _bool(said.get("charged")),
        **read_cost(_mapping(said.get("cost"))),
        "favourite": marks.get("favourite") is True,
        "rating": _whole(rating, 5) or None,
        "notes": _text(marks.get("notes"), MAX_NOTES_CHARS),
    }


def _film(said: Mapping[str, Any]) -> Film:
    why, kind, sha256 = said.get("error_code"), said.get("media_type"), said.get("sha256")
    return Film(
        file=_text(said.get("file"), 1_000),
        poster=_text(said.get("poster"), 1_000),
        sha256=sha256 if isinstance(sha256, str) and _SHA.fullmatch(sha256) else None,
        media_type=kind if kind in list(EXTENSIONS) else None,
        duration_seconds=_number(said.get("duration_seconds"), 10**6),
        width=_whole(said.get("width"), 65_536) or None,
        height=_whole(said.get("height"), 65_536) or None,
        source_url=_text(said.get("source_url"), 4_096),
        error_code=why if isinstance(why, str) and _CODE.fullmatch(why) else None,
    )


def _still(said: Mapping[str, Any]) -> Still | None:
    sha256 = said.get("sha256")
    if not isinstance(sha256, str) or _SHA.fullmatch(sha256) is None:
        return None
    return Still(_text(said.get("file"), 1_000), sha256)


def _fields(said: object) -> dict[str, Any] | None:
    """Return what was composed, read as a kept draft is: what is no part of a composition stays outside."""
    if not isinstance(said, dict) or not ({"fields", "text"} & said.keys()):
        return None
    kept: dict[str, Any] = json.loads(to_json(from_json(_written(said, 200_000))))
    return kept


def _link(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a link as answers are read: an address, and words about it."""
    if not isinstance(said.get("url"), str):
        return None
    kept = list(said.items())[:8]
    return {
        clean(str(name))[:40]: _text(value, 4_096) if isinstance(value, str) else value
        for name, value in kept
        if value is None or isinstance(value, (str, bool, int))
    }


def _names(said: object, most: int) -> list[str]:
    names = []
    for one in _list(said, most):
        try:
            names.append(checked_name(one if isinstance(one, str) else ""))
        except MarkError:
            continue
    return names


def _plain(said: object) -> dict[str, Any] | None:
    if not isinstance(said, dict):
        return None
    kept: dict[str, Any] = json.loads(_written(said, 20_000))
    return kept


def _written(said: dict[str, Any], most: int) -> str:
    """Return it as JSON that both databases take; nothing if that would be too long."""
    text = clean(json.dumps(said, ensure_ascii=False).replace("\\u0000", "\ufffd"))
    return text if len(text) <= most else "{}"


def _text(said: object, most: int) -> str:
    return clean(said[:most]) if isinstance(said, str) else ""


def _mapping(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}


def _list(said: object, most: int) -> Sequence[Any]:
    return said[:most] if isinstance(said, list) else []


def _whole(said: object, most: int) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= most else None


def _bool(said: object) -> bool | None:
    return said if isinstance(said, bool) else None


def _number(said: object, most: float) -> float | None:
    fits = isinstance(said, (int, float)) and not isinstance(said, bool) and math.isfinite(said) and 0 <= said <= most
    return float(said) if fits else None  # type: ignore[arg-type]  # `fits` knows


def _time(said: object) -> dt.datetime | None:
    """Return a time; None for what is none, names no zone, or lies outside of what a clock ever said."""
    try:
        at = dt.datetime.fromisoformat(said if isinstance(said, str) else "")
    except ValueError:
        return None
    return at if at.tzinfo is not None and _FIRST < at < _LAST else None
