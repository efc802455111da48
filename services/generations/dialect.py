"""The report of an answer that we may read badly, for whoever mends the reader. Pure.

It holds the bytes as they came and what we made of them, no token, no address of the endpoint, and the person's prompt
only if they said so: endpoints like to repeat it, so it is taken out of their answer too.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from db.records import Generation, RawResponse
from services.endpoint.redact import Redactor

PROMPT_MARK = b"[prompt]"
SHORTEST_LINE = 12
"""A shorter line of a prompt is found in ordinary answers too."""
MOST_LINES = 200
MOST_ARRIVALS = 2000
_SAID = re.compile(r'("(?:content|reasoning_content|reasoning|text|message)"\s*:\s*")((?:[^"\\]|\\.)*)', re.DOTALL)
_LETTER = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\W\d_]")


def dialect_report(
    generation: Generation, kept: RawResponse, redactor: Redactor, *, version: str, with_prompt: bool
) -> bytes:
    """Return the report as JSON."""
    data = kept.data if with_prompt else without_prompt(kept.data, generation)
    flags = [flag for flag in generation.flags if not flag.startswith("header:")]
    request = generation.request or {}
    report: dict[str, Any] = {
        "report": "dailies: an answer whose dialect may be unknown",
        "dailies": version,
        "state": str(generation.state),
        "outcome": None if generation.outcome is None else str(generation.outcome),
        "error_code": generation.error_code,
        "finish_reason": generation.finish_reason,
        "http_status": generation.http_status,
        "content_type": kept.content_type,
        "header_names": [flag.removeprefix("header:") for flag in generation.flags if flag.startswith("header:")],
        "flags": flags,
        "links": [str(link.get("kind")) for link in generation.links],
        "task_ids": len(generation.task_ids),
        "model": generation.model,
        "request_fields": sorted(request),
        "duration_seconds": generation.duration_seconds,
        "arrivals": [list(arrival) for arrival in kept.arrivals[:MOST_ARRIVALS]],
        "prompt": generation.prompt if with_prompt else None,
        "raw": _as_text(data),
    }
    return json.dumps(redactor.value(report), ensure_ascii=False, indent=1).encode()


def without_prompt(data: bytes, generation: Generation) -> bytes:
    """Return the bytes without the prompt, whole or line by line; if it came in pieces, with every letter an x."""
    wanted = [generation.prompt, *generation.prompt.splitlines()[:MOST_LINES]]
    wanted = [line for line in dict.fromkeys(map(str.strip, wanted)) if len(line) >= SHORTEST_LINE]
    for line in wanted:
        for form in _forms(line):
            data = data.replace(form, PROMPT_MARK)
    said = generation.content + generation.reasoning + (generation.error_message or "")
    in_pieces = any(line in said for line in wanted) and not _whole(wanted, generation, data)
    return _veiled(data) if in_pieces else data


def _forms(line: str) -> list[bytes]:
    escaped = json.dumps(line)[1:-1]
    spelled = {line, escaped, json.dumps(escaped)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1]}
    return sorted((form.encode("utf-8", "surrogatepass") for form in spelled), key=len, reverse=True)


def _whole(wanted: list[str], generation: Generation, data: bytes) -> bool:
    """Tell whether every repetition of the prompt that we read was found in the bytes as well."""
    said = generation.content + generation.reasoning + (generation.error_message or "")
    return data.count(PROMPT_MARK) >= sum(said.count(line) for line in wanted[:1])


def _veiled(data: bytes) -> bytes:
    """Return a stream with the letters of all it says made x: its shape is what tells the dialect."""
    text = data.decode("utf-8", "replace")
    return _SAID.sub(lambda found: found[1] + _LETTER.sub("x", found[2]), text).encode()


def _as_text(data: bytes) -> dict[str, str]:
    try:
        return {"encoding": "utf-8", "data": data.decode()}
    except UnicodeDecodeError:
        return {"encoding": "base64", "data": base64.b64encode(data).decode()}
