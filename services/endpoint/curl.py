"""The request as a command line, exactly as the endpoint's own documentation writes it.

With a picture the body comes by a pipe: an argument holds 128 kB on Linux, and a picture is larger. Each is read from a
file in the folder the command runs in (`picture.jpg`, `picture-2.jpg` …).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.endpoint.picture_parts import BEGINS, NAMED, named_in
from services.endpoint.urls import completions_url

_NAMED: Final = re.compile(rf'(?<="url": "){NAMED}([0-9a-f]{{64}})(?=")', re.ASCII)  # inside words every " is escaped


def body_text(body: Mapping[str, Any]) -> str:
    """Return the body as it goes over the wire and stands in the command: the documented layout, nothing escaped."""
    return json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False)


def as_curl(base_url: str, body: Mapping[str, Any]) -> str:
    """Return a command for bash that sends this body; the token is read from `$DAILIES_TOKEN`, never written out.

    Raises:
        EndpointSettingsError: the base URL is none.
    """
    command = " \\\n".join(
        [
            f"curl --location --request POST {_quoted(completions_url(base_url))}",
            "--header 'Accept: application/json'",
            '--header "Authorization: Bearer $DAILIES_TOKEN"',
            "--header 'Content-Type: application/json'",
        ]
    )
    pictures = named_in(body)
    if not pictures:
        return f"{command} \\\n--data-raw {_quoted(body_text(body))}"
    return f"{_said(body_text(body), pictures)} |\n{command} \\\n--data-binary @-"


def file_of(number: int) -> str:
    """Return what the command calls the file of the first, second … picture.

    >>> file_of(0), file_of(1)
    ('picture.jpg', 'picture-2.jpg')
    """
    return f"picture-{number + 1}.jpg" if number else "picture.jpg"


def _said(text: str, pictures: Sequence[str]) -> str:
    """Return commands that say the body, each picture read from its file where its name stands."""
    lines = []
    while found := _NAMED.search(text):
        name = file_of(pictures.index(found[1]))
        lines.append(f"printf %s {_quoted(text[: found.start()] + BEGINS)}; base64 < {name} | tr -d '\\n'")
        text = text[found.end() :]
    return "( " + "\n".join([*lines, f"printf %s {_quoted(text)}"]) + " )"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
