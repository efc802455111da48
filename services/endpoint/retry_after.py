"""How long an endpoint asks us to wait. Our own parser: urllib3's raises on `soon`, `3.5` and `-5` (RELIABILITY b)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER_SECONDS = 86400.0


def retry_after(text: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for: digits or an HTTP date, 0 to one day; otherwise None."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            at = parsedate_to_datetime(text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            seconds = (at - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return seconds if 0 <= seconds <= LONGEST_RETRY_AFTER_SECONDS else None
