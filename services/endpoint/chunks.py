"""One JSON chunk of an answer, taken apart. Pure; nothing an endpoint sends may raise here.

Source: PROTOCOL.md, 7.4-7.6.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from services.endpoint.text import clean
from services.endpoint.wording import category_of

TOKENS_AT_MOST = 10**12
_DIGITS_AT_MOST = 18
_CHUNK_KEYS = frozenset(
    [
        "id",
        "object",
        "created",
        "model",
        "choices",
        "usage",
        "system_fingerprint",
        "provider",
        "service_tier",
        "error",
        "nonce",
        "obfuscation",
    ]
)
_DELTA_KEYS = frozenset(
    ["role", "content", "reasoning_content", "reasoning", "tool_calls", "function_call", "refusal", "audio", "name"]
)
_FINE_CODES = frozenset(("", "0", "200", "ok", "success", "true", "none"))


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What went wrong, as far as the answer tells.

    `kind`: stream_error_chunk, text_failure, http_error, json_envelope_error, html_body, empty_result, truncated or
    limit.
    """

    kind: str
    category: str
    message: str
    type: str | None = None
    code: str | int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as claimed; None is unknown, never 0. Never a price."""

    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int
    raw: dict[str, Any]


@dataclass(slots=True)
class Piece:
    """What one chunk says."""

    content: str = ""
    reasoning: str = ""
    finish: str | None = None
    whole: bool = False  # a `message`, not a `delta`
    extras: list[Any] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def parse(text: str) -> Any:
    """Return the JSON value of a text. Whole numbers too long for any database become None, as do NaN and Infinity.

    Raises:
        ValueError: no JSON, or nested too deeply.
    """
    try:
        return json.loads(text, parse_int=_whole, parse_constant=_nothing)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _DIGITS_AT_MOST else None


def _nothing(_: str) -> None:
    return None


def read_chunk(chunk: dict[str, Any]) -> Piece:
    """Take a chunk (or a whole completion) apart. Only `choices[0]`, by position, speaks."""
    piece = Piece()
    extras = {key: value for key, value in chunk.items() if key not in _CHUNK_KEYS}
    if extras:
        piece.extras.append(extras)
    choices = chunk.get("choices")
    if isinstance(choices, list) and choices:
        if len(choices) > 1:
            piece.flags.append("extra_choices")
        _read_choice(choices[0], piece)
    elif choices is not None and not isinstance(choices, list):
        piece.flags.append("choices_type")
    return piece


def _read_choice(choice: Any, piece: Piece) -> None:
    if not isinstance(choice, dict):
        piece.flags.append("choice_type")
        return
    if choice.get("index") not in (0, None):
        piece.flags.append("choice_index")
    finish = choice.get("finish_reason")
    if isinstance(finish, str) and finish:
        piece.finish = clean(finish[:100])
    delta = choice.get("delta")
    if not isinstance(delta, dict) or (not delta and isinstance(choice.get("message"), dict)):
        piece.whole = isinstance(choice.get("message"), dict)
        delta = choice.get("message") if piece.whole else {"content": choice.get("text")}
    _read_delta(delta, piece)


def _read_delta(delta: Any, piece: Piece) -> None:
    if not isinstance(delta, dict):
        return
    piece.content = _text_of(delta.get("content"), piece)
    if isinstance(refusal := delta.get("refusal"), str) and refusal:
        piece.content += refusal
        piece.flags.append("refusal")
    thought = delta.get("reasoning_content")
    if thought is None or thought == "":
        thought = delta.get("reasoning")
    piece.reasoning = _stage_text(thought, piece) if isinstance(thought, dict) else _text_of(thought, piece)
    extras = {key: value for key, value in delta.items() if key not in _DELTA_KEYS}
    if extras:
        piece.extras.append(extras)


def _text_of(value: Any, piece: Piece) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return "".join(_part(part, piece) for part in value)
    piece.flags.append("content_type")
    if isinstance(value, dict):
        piece.extras.append(value)
        return value["text"] if isinstance(value.get("text"), str) else ""
    return ""


def _part(part: Any, piece: Piece) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        piece.flags.append("content_type")
        return ""
    text = part.get("text")
    if isinstance(text, str):
        return text
    piece.extras.append(part)
    return ""


def _stage_text(stage: dict[str, Any], piece: Piece) -> str:
    """Return `[stage] (status) 36% message`: reasoning sent as an object, in the words its newer builds use."""
    piece.flags.append("reasoning_object")
    piece.extras.append({"stage": stage.get("stage")})
    words = [_word(stage.get("stage"), "[{}]"), _word(stage.get("status"), "({})")]
    progress = stage.get("progress")
    if isinstance(progress, (int, float, str)) and not isinstance(progress, bool):
        label = "{}%" if words[0] else "progress: {}%"
        words.append(_word(str(progress).rstrip("%％ "), label))
    words.append(_word(stage.get("message"), "{}") or _word(stage.get("text"), "{}"))
    return " ".join(word for word in words if word) + "\n"


def _word(value: Any, shape: str) -> str:
    return shape.format(value) if isinstance(value, (str, int)) and value != "" else ""


def error_in(chunk: dict[str, Any], *, kind: str, named: bool = False) -> AnswerError | None:
    """Return the failure a chunk reports, or None. `named`: the event itself was called `error`."""
    error = chunk.get("error")
    if isinstance(error, dict) and error:
        return _from_object(error, kind)
    if error and not isinstance(error, dict):
        return _make(kind, error if isinstance(error, str) else json.dumps(error)[:500], chunk)
    if named or chunk.get("type") == "error":
        return _from_object(chunk, kind)
    return None if chunk.get("choices") else _envelope(chunk)


def _envelope(chunk: dict[str, Any]) -> AnswerError | None:
    kind = "json_envelope_error"
    detail = chunk.get("detail")
    if isinstance(detail, (str, list, dict)) and detail:
        return _make(kind, detail if isinstance(detail, str) else _dump(detail), chunk)
    code = chunk.get("code")
    message = chunk.get("message") or chunk.get("msg") or ""
    bad = isinstance(code, (int, str)) and not isinstance(code, bool) and str(code).lower() not in _FINE_CODES
    if (bad and message) or (chunk.get("success") is False):
        return _make(kind, message if isinstance(message, str) else _dump(message), chunk)
    return None


def _from_object(error: dict[str, Any], kind: str) -> AnswerError:
    message = error.get("message") or error.get("msg") or error.get("detail") or error.get("error") or ""
    return _make(kind, message if isinstance(message, str) else _dump(message), error)


def _make(kind: str, message: str, source: dict[str, Any]) -> AnswerError:
    code, name = source.get("code"), source.get("type")
    code = clean(code[:200]) if isinstance(code, str) else code
    code = code if isinstance(code, (str, int)) and not isinstance(code, bool) else None
    message = clean(message[:4000])
    category = category_of(message, kind=name, code=code) or "upstream_error"
    return AnswerError(kind, category, message, clean(name[:200]) if isinstance(name, str) else None, code)


def _dump(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)[:4000]
    except (ValueError, RecursionError):
        return ""


def usage_in(value: Any) -> dict[str, Any] | None:
    """Return a usage object that carries a believable total, or None."""
    return value if isinstance(value, dict) and _tokens(value.get("total_tokens")) is not None else None


def usage_of(value: dict[str, Any]) -> Usage:
    """Return the usage of a checked object; its raw form is cleaned like all text."""
    try:
        raw = parse(clean(json.dumps(value, ensure_ascii=False)))
    except (ValueError, RecursionError):
        raw = {}
    return Usage(
        _tokens(value.get("prompt_tokens")), _tokens(value.get("completion_tokens")), int(value["total_tokens"]), raw
    )


def _tokens(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TOKENS_AT_MOST
    return value if fits else None
