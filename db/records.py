"""What queries hand out: frozen copies of rows, safe to keep after the session is gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from db.states import Outcome, State, VideoState


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """One link of an answer and, once kept, its file. `width`/`height` in pixels; unknown is None."""

    id: str
    owner: str = ""
    generation_id: str
    source_url: str
    state: VideoState
    attempts: int
    sha256: str | None
    media_type: str | None
    size_bytes: int | None
    duration_seconds: float | None
    width: int | None
    height: int | None
    poster: bool
    error_code: str | None
    error_message: str | None
    created_at: dt.datetime
    kept_at: dt.datetime | None
    paste_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """What is needed to look whether a kept video's file is still what it was."""

    id: str
    media_type: str | None
    sha256: str | None
    size_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A reference picture by the hash of its file; sides in pixels. `source`: the one it was cropped from."""

    owner: str
    sha256: str
    source: str | None
    width: int
    height: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One prompt sent once, or to be sent, with all that came of it. Token counts: None is unknown, never 0.

    `charged` is what the person said about the bill, at `charged_at`; None: nothing was said. Amounts are in billionths
    of their currency; `estimate_kind` is "about" or "at_most".
    """

    seq: int
    id: str
    owner: str
    nonce: str
    parent_id: str | None
    state: State
    outcome: Outcome | None
    priority: int
    prompt: str
    fields: dict[str, Any] | None
    endpoint_id: str
    endpoint_name: str
    base_url: str
    model: str
    demo: bool
    request: dict[str, Any] | None
    content: str
    reasoning: str
    progress: tuple[int, ...]
    stage: str | None
    links: tuple[dict[str, Any], ...]
    task_ids: tuple[str, ...]
    flags: tuple[str, ...]
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    usage: dict[str, Any] | None
    http_status: int | None
    error_code: str | None
    error_message: str | None
    worker: str | None
    cancel_requested: bool
    created_at: dt.datetime
    release_at: dt.datetime | None
    send_before: dt.datetime | None = None
    enqueued_at: dt.datetime | None
    sent_at: dt.datetime | None
    first_byte_at: dt.datetime | None
    ended_at: dt.datetime | None
    duration_seconds: float | None
    charged: bool | None = None
    charged_at: dt.datetime | None = None
    dismissed_at: dt.datetime | None = None
    favourite: bool = False
    rating: int | None = None
    notes: str = ""
    trashed_at: dt.datetime | None = None
    picture: str | None = None
    imported_at: dt.datetime | None = None
    asked_seconds: float | None = None
    estimate_kind: str | None = None
    estimate_nano: int | None = None
    estimate_currency: str | None = None
    cost_nano: int | None = None
    cost_currency: str | None = None
    cost_rule: dict[str, Any] | None = None
    priced_at: dt.datetime | None = None
    videos: tuple[Video, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """What a person pasted to rescue a generation, secrets removed, with what was found in it."""

    id: str
    generation_id: str
    text: str
    links: tuple[dict[str, Any], ...]
    task_ids: tuple[str, ...]
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLife:
    """How long one video link was seen to live: worked at `last_ok`, gone at `gone_at`, says itself `expires_at`."""

    video_id: str
    owner: str
    host: str
    first_seen: dt.datetime
    last_ok: dt.datetime | None
    gone_at: dt.datetime | None
    expires_at: dt.datetime | None
    next_look_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where prompts can be sent. `token_encrypted` is opaque here and never reaches a page."""

    id: str
    owner: str
    name: str
    base_url: str
    token_encrypted: bytes | None
    model: str
    models: tuple[str, ...]
    max_tokens: int
    stream: bool
    extra: dict[str, Any]
    idle_seconds: float | None
    total_seconds: float | None
    concurrency: int | None
    per_minute: int | None = None
    built_in: bool
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a generation ends: written in one conditional UPDATE. `charged` is derived from `state`, never stored."""

    state: State
    outcome: Outcome | None = None
    content: str = ""
    reasoning: str = ""
    progress: tuple[int, ...] = ()
    stage: str | None = None
    links: tuple[dict[str, Any], ...] = ()
    task_ids: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    usage: dict[str, Any] | None = None
    http_status: int | None = None
    error_code: str | None = None
    error_message: str | None = None
    duration_seconds: float | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a generation cost, in billionths (`cost_nano` None: unknown amount), by which rule and arithmetic."""

    cost_nano: int | None
    cost_currency: str | None
    cost_rule: dict[str, Any]
    priced_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """What came over the wire, redacted. `arrivals`: `(byte offset, seconds since sent)` of each piece, in order."""

    content_type: str
    data: bytes
    arrivals: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A held generation and the wall clock's idea of its time to undo."""

    id: str
    created_at: dt.datetime
    release_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A queued generation as the engine's admission sees it."""

    id: str
    owner: str
    endpoint_id: str
    priority: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """One that runs or waits to be sent, as its person's line sees it."""

    id: str
    state: State
    priority: int
    seq: int
    endpoint_id: str
    endpoint_name: str
    model: str
    demo: bool
    asked_seconds: float | None
    sent_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A generation the engine knows of and that has not ended."""

    id: str
    owner: str
    endpoint_id: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that executes generations; alive while `beat` changes."""

    id: str
    beat: int
    started_at: dt.datetime
