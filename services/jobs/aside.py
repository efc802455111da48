"""What had arrived and could not be saved when Dailies was stopped: kept in a file beside the database until next time.

One JSON line a piece. Taken up in the same transaction that ends the generations it belongs to, so never twice.
"""

from __future__ import annotations

import base64
import json
import logging
import os
from pathlib import Path
from typing import Any

from db import deltas
from db import generations as rows

logger = logging.getLogger(__name__)

Texts = list[tuple[int, str, str]]
Raw = list[tuple[int, float, bytes]]


def put_aside(home: Path, worker: str, texts: Texts, raw: Raw) -> None:
    """Write what a worker could not save; a disk that takes nothing at all is told in the log."""
    lines = [json.dumps(["text", seq, kind, text]) for seq, kind, text in texts]
    lines += [json.dumps(["raw", seq, at, base64.b64encode(data).decode()]) for seq, at, data in raw]
    try:
        with _file(home, worker).open("a", encoding="ascii") as file:
            file.writelines(line + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        logger.error("what arrived last could not be kept: %s", error.strerror)  # noqa: TRY400  # no traceback helps


def take_up(session: Any, home: Path, worker: str) -> None:
    """Give back to a worker's unfinished generations what was put aside for them."""
    file = _file(home, worker)
    if not file.exists():
        return
    unfinished = rows.in_flight(session, worker)
    pieces = [piece for piece in _pieces(file) if piece[1] in unfinished]
    deltas.append(
        session.connection(),
        [(seq, kind, text) for what, seq, kind, text in pieces if what == "text"],
        [(seq, at, base64.b64decode(data)) for what, seq, at, data in pieces if what == "raw"],
    )


def forget(home: Path, worker: str) -> None:
    """Delete what was taken up."""
    _file(home, worker).unlink(missing_ok=True)


def _pieces(file: Path) -> list[Any]:
    """Read the lines; a last one that was cut short (a full disk) is left out."""
    pieces = []
    for line in file.read_text("ascii", "replace").splitlines():
        try:
            pieces.append(json.loads(line))
        except ValueError:
            break
    return pieces


def _file(home: Path, worker: str) -> Path:
    return home / f"unsaved-{worker}.jsonl"
