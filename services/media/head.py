"""What the head of a response must say before its body is taken for a video (RELIABILITY f). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.errors import LinkGoneError, MediaError, NotAVideoError

_EXPIRED = {401, 403}
_MAY_PASS = {408, 425, 429}
_NEUTRAL_TYPES = {"", "application/octet-stream", "binary/octet-stream"}


def check_status(status: int, *, resuming: bool) -> None:
    """Refuse whatever is not 200, or 206 to our own Range.

    Raises:
        LinkGoneError: a 4xx that waiting does not mend.
        MediaError: anything else (code video_host_error).
    """
    if status == 200 or (status == 206 and resuming):
        return
    if status in _EXPIRED:
        raise LinkGoneError(f"the host answered {status}", code="video_link_expired")
    if 400 <= status < 500 and status not in _MAY_PASS:
        raise LinkGoneError(f"the host answered {status}")
    raise MediaError(f"the host answered {status}", code="video_host_error")


def check_type(content_type: str, coding: str) -> None:
    """Refuse what says itself that it is no video, and any content coding: a bomb would hide in it.

    Raises:
        NotAVideoError: code video_coded for a coding.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _NEUTRAL_TYPES and not kind.startswith("video/"):
        raise NotAVideoError("the host sent something that is not a video")
    if coding.strip().lower() not in ("", "identity"):
        raise NotAVideoError("the host sent a compressed body", code="video_coded")


def declared_bytes(text: str | None) -> int | None:
    """Return a Content-Length; None if the host declared none.

    Raises:
        MediaError: it is no number (code video_host_error).
    """
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise MediaError("the host declared a senseless length", code="video_host_error")
    return int(text)


def resumed_at(headers: Mapping[str, str], stored: int, validator: str) -> tuple[int, int]:
    """Return offset and total of a 206 that goes on exactly where we stopped, to the very end (RFC 9110, 14.4).

    A host that overlooks If-Range would have us join two different files: its ETag tells.

    Raises:
        NotAVideoError: it does not (code video_wrong_range).
    """
    text = headers.get("Content-Range", "").strip()
    match = re.fullmatch(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", text, re.ASCII)
    if match is None:
        raise NotAVideoError("the host sent another part than asked for", code="video_wrong_range")
    start, end, total = (int(number) for number in match.groups())
    another = validator.startswith('"') and headers.get("ETag", validator) != validator
    if another or start != stored or end != total - 1:
        raise NotAVideoError("the host sent another part than asked for", code="video_wrong_range")
    return start, total


def validator_of(headers: Mapping[str, str]) -> str | None:
    """Return what can vouch that a later Range is of the same file: a strong ETag or a date (RFC 9110, 13.1.5)."""
    if headers.get("Accept-Ranges", "bytes").lower() == "none":
        return None
    etag = headers.get("ETag", "")
    if etag.startswith('"') and etag.isascii():
        return etag
    return headers.get("Last-Modified")
