"""Have a copy of a database looked through by a process of low priority, which does not keep anybody waiting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from services.backup.files import Pace
from services.errors import BackupError
from services.settings import PROJECT

LOOK_SECONDS = 0.2


def look_through(copy: Path, pace: Pace) -> dict[str, Any]:
    """Return what a copy holds (see `db.snapshot`).

    Raises:
        BackupError: it is not whole (database_damaged), the look itself failed (backup_failed), or the pace was told
            to stop (backup_stopped).
    """
    command = [sys.executable, "-m", "db.snapshot", str(copy.absolute())]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as asked:
        try:
            said = _answer(asked, pace)
        finally:
            asked.kill()
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise BackupError("the copy could not be looked through") from error
    if found["faults"]:
        raise BackupError("; ".join(found["faults"])[:500], code="database_damaged")
    return found


def _answer(asked: subprocess.Popen[bytes], pace: Pace) -> bytes:
    while True:
        try:
            return asked.communicate(timeout=LOOK_SECONDS)[0]
        except subprocess.TimeoutExpired:
            pace.go_on()
