"""The log as JSON, one object a line (`DAILIES_LOG=json`): time, level, who, what, which generation. No text.

What our own code logs is written by us and holds no prompt. Of other people's messages only the pattern is kept, never
what was filled in; of an exception its kind and where it was, never its message: a database driver's holds parameters.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

_OURS: Final = ("services", "pages", "db", "app")
_NAMED: Final = ("state", "code", "http_status", "seconds", "video", "bytes")
_about: ContextVar[str | None] = ContextVar("generation", default=None)


@contextlib.contextmanager
def about(generation_id: str) -> Iterator[None]:
    """Name this generation in every line the block logs in this thread."""
    token = _about.set(generation_id)
    try:
        yield
    finally:
        _about.reset(token)


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line["said"] = record.getMessage() if is_ours(record.name) else _pattern(record)
        generation = getattr(record, "generation", None) or _about.get()
        if generation:
            line["generation"] = generation
        line |= {name: record.__dict__[name] for name in _NAMED if record.__dict__.get(name) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def is_ours(name: str) -> bool:
    """Tell whether a logger is one of our own modules.

    >>> is_ours("services.jobs.runner"), is_ours("servicesque")
    (True, False)
    """
    return name.split(".", 1)[0] in _OURS


def install() -> None:
    """Have every log of this process written so, also those that handle their own (uvicorn's, Streamlit's)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    for logger in list(root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger) and logger.handlers:  # one without any was silenced on purpose
            logger.handlers[:] = []
            logger.propagate = True
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def _pattern(record: logging.LogRecord) -> str:
    """Return what another's code wrote before it filled in values; a message without any may hold them already."""
    return str(record.msg) if record.args else f"{record.module}:{record.lineno}"


def _where(trace: object) -> list[str]:
    frames = traceback.extract_tb(trace)  # type: ignore[arg-type]  # logging's own type is looser
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
