"""What we ask of an endpoint: the body of the paid request, and the free questions about models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.endpoint import picture_parts
from services.endpoint.authorization import TOKEN_SHAPE
from services.endpoint.redact import Redactor
from services.endpoint.urls import models_url
from services.errors import EndpointError, EndpointSettingsError

KEPT = frozenset({"model", "messages", "stream"})
"""What the extra fields of an endpoint may not replace: the prompt, and how its answer is read."""
MOST_MODELS = 2000
LONGEST_MODEL = 200
_WITHOUT_A_LIST = (404, 405, 410, 501)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What a free look at an endpoint told. `code` is a stable word for the page; `message` is for logs."""

    __test__ = False  # not one of pytest's

    ok: bool
    code: str | None = None
    message: str = ""
    models: tuple[str, ...] = ()
    http_status: int | None = None


def build_body(  # one argument a part of the body
    *,
    prompt: str,
    model: str,
    max_tokens: int | None,
    stream: bool,
    extra: Mapping[str, Any] | None = None,
    picture: str = "",
) -> dict[str, Any]:
    """Return the body in the documented order of keys, then the extra fields in theirs.

    `max_tokens` of None leaves the field out; an extra `max_tokens` replaces it. Extra fields of KEPT are left out.
    `picture` is the sha256 of a kept one: its name stands in the body until that is sent (picture_parts).
    """
    body: dict[str, Any] = {"model": model}
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    body["messages"] = [{"role": "user", "content": picture_parts.content(prompt, picture)}]
    body["stream"] = stream
    body.update((key, value) for key, value in (extra or {}).items() if key not in KEPT)
    return body


def check_token(text: str | None) -> str | None:
    """Return the token stripped, or None when there is none.

    Raises:
        EndpointSettingsError: a header cannot carry it: space, line end, control or non-Latin-1 sign inside
            (code token_invalid).
    """
    token = (text or "").strip()
    if not token:
        return None
    if not TOKEN_SHAPE.fullmatch(token):
        raise EndpointSettingsError("the token cannot be put in a header", code="token_invalid")
    return token


def list_models(base_url: str, token: str | None, *, timeout_seconds: float = 15.0) -> list[str]:
    """Ask the endpoint, for free, which models it has; in its order, each once.

    Raises:
        EndpointSettingsError: base URL or token unusable.
        EndpointError: no list; see `transport.get_json`.
    """
    from services.endpoint.transport import get_json  # brings HTTP: a start does without

    answer = get_json(models_url(base_url), token=check_token(token), timeout_seconds=timeout_seconds)
    rows = answer.get("data", answer.get("models")) if isinstance(answer, dict) else answer
    redactor = Redactor([token])  # an endpoint may echo the token here as well
    names = [redactor.text(_name(row)) for row in rows] if isinstance(rows, list) else []
    return list(dict.fromkeys(name for name in names if name))[:MOST_MODELS]


def _name(row: object) -> str:
    name = row.get("id", row.get("name")) if isinstance(row, dict) else row
    return name.strip() if isinstance(name, str) and len(name) <= LONGEST_MODEL and name.isprintable() else ""


def test_endpoint(  # not one of pytest's either
    base_url: str,
    token: str | None,
    model: str = "",  # noqa: PT028
    *,
    timeout_seconds: float = 15.0,  # noqa: PT028
) -> TestResult:
    """Look at an endpoint without any cost: `GET /v1/models`, never a paid POST. Does not raise.

    Codes when not ok: base_url_invalid, token_invalid, not_sent, auth, insufficient_quota, rate_limited, redirect,
    timeout, gateway, html_answer, models_unlisted (it keeps no list, which says nothing about the paid request), ….
    When ok the code is None, or model_unlisted when the chosen model is not in the list.
    """
    try:
        models = tuple(list_models(base_url, token, timeout_seconds=timeout_seconds))
    except EndpointSettingsError as error:
        return TestResult(ok=False, code=error.code, message=error.message)
    except EndpointError as error:
        status = error.http_status
        unlisted = status in _WITHOUT_A_LIST
        return TestResult(
            ok=False, code="models_unlisted" if unlisted else error.code, message=error.message, http_status=status
        )
    if not models:
        return TestResult(ok=False, code="models_unlisted", message="an empty list", http_status=200)
    unlisted = bool(model) and model not in models
    return TestResult(ok=True, code="model_unlisted" if unlisted else None, models=models, http_status=200)


test_endpoint.__test__ = False  # type: ignore[attr-defined]  # not one of pytest's
