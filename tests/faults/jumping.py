"""A worker whose wall clock jumps when a file says so: `DAILIES_HOME/../jump` holds the seconds.

Only what Python tells of the time of day jumps, before anything of ours is imported; the monotonic clock, as on a
real machine, does not.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

JUMP = Path(os.environ.get("DAILIES_HOME", "/nowhere/home")).parent / "jump"
_real_time, _RealDatetime = time.time, dt.datetime


def _offset() -> float:
    return float(JUMP.read_text()) if JUMP.exists() else 0.0


class _Kind(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _RealDatetime)


class _Jumping(dt.datetime, metaclass=_Kind):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]  # the plain kind, as told
        return _RealDatetime.now(tz) + dt.timedelta(seconds=_offset())


def main() -> None:
    """Replace the clocks, then work."""
    time.time = lambda: _real_time() + _offset()
    dt.datetime = _Jumping  # type: ignore[misc]  # what every later import sees
    from services.commands import main as work

    work()


if __name__ == "__main__":
    main()
