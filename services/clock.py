"""The two clocks: one to write down, one to measure with. Limits never use the first (it may jump)."""

import datetime as dt


def utc_now() -> dt.datetime:
    """Return the time now, aware, UTC."""
    return dt.datetime.now(dt.UTC)
