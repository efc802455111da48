"""The request as a command line, exactly as the endpoint's own documentation writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from services.endpoint.urls import completions_url


def body_text(body: Mapping[str, Any]) -> str:
    """Return the body as it goes over the wire and stands in the command: the documented layout, nothing escaped."""
    return json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False)


def as_curl(base_url: str, body: Mapping[str, Any]) -> str:
    """Return a command for bash that sends this body; the token is read from `$DAILIES_TOKEN`, never written out.

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    return " \\\n".join(
        [
            f"curl --location --request POST {_quoted(completions_url(base_url))}",
            "--header 'Accept: application/json'",
            '--header "Authorization: Bearer $DAILIES_TOKEN"',
            "--header 'Content-Type: application/json'",
            f"--data-raw {_quoted(body_text(body))}",
        ]
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
