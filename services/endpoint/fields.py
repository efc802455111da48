"""What was typed into an endpoint's form, checked here and not only by the page. Pure."""

from __future__ import annotations

import json
from typing import Any

from services.endpoint.client import LONGEST_MODEL, check_token
from services.endpoint.text import clean
from services.errors import EndpointSettingsError

LONGEST_NAME = 200
LONGEST_TOKEN = 4096
LONGEST_EXTRA = 100_000
"""All in characters. A header of 4 KiB is what servers take; extra fields larger than a prompt are a mistake."""


def checked_name(text: str) -> str:
    """Return the name of an endpoint.

    Raises:
        EndpointSettingsError: blank (code name_blank) or too long (field_too_long).
    """
    name = _short(clean(text).strip(), LONGEST_NAME)
    if not name:
        raise EndpointSettingsError("a name is needed", code="name_blank")
    return name


def checked_model(text: str) -> str:
    """Return the name of a model.

    Raises:
        EndpointSettingsError: blank (code model_blank) or too long (field_too_long).
    """
    model = _short(clean(text).strip(), LONGEST_MODEL)
    if not model:
        raise EndpointSettingsError("a model is needed", code="model_blank")
    return model


def checked_token(text: str | None) -> str | None:
    """Return the token, None when nothing was typed.

    Raises:
        EndpointSettingsError: no header can carry it (codes token_invalid, field_too_long).
    """
    return check_token(_short(text or "", LONGEST_TOKEN))


def check_limits(max_tokens: int, *limits: float | None) -> None:
    """Refuse a limit that is no positive number.

    Raises:
        EndpointSettingsError: code limit_invalid.
    """
    if max_tokens < 1 or any(limit is not None and not limit > 0 for limit in limits):
        raise EndpointSettingsError("limits are positive numbers", code="limit_invalid")


def checked_extra(text: str) -> dict[str, Any]:
    """Return the extra fields of the request.

    Raises:
        EndpointSettingsError: not a JSON object (code extra_invalid) or too long (field_too_long).
    """
    if not _short(text, LONGEST_EXTRA).strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EndpointSettingsError("the extra fields are not JSON", code="extra_invalid") from error
    if not isinstance(value, dict):
        raise EndpointSettingsError("the extra fields are not a JSON object", code="extra_invalid")
    return value


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise EndpointSettingsError(f"over {limit} characters", code="field_too_long")
    return text
