"""A process of its own for bytes that a stranger chose: there they may hang, crash or eat memory.

What they could steal is not there either: the environment is bare, and nothing is inherited.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from services.errors import MediaError

_PROJECT = Path(__file__).resolve().parents[2]
_SAFE_ENVIRONMENT = {
    *("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "HOME", "USERPROFILE", "APPDATA"),
    *("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
}
_POLL_SECONDS = 0.1
_ANSWER_BYTES = 4096
_MEMORY_BYTES = 2 * 1024**3


def ask(
    module: str, arguments: Sequence[str], timeout_seconds: float, stops: Iterable[threading.Event] = ()
) -> dict[str, Any]:
    """Run one of our modules on a file; nothing at all if it did not answer in time, or not sensibly.

    It answers into a file, not a pipe: it cannot fill our memory, nor can what it leaves behind keep us waiting.

    Raises:
        MediaError: one of `stops` was set meanwhile, code `video_stopped`.
    """
    ends_at = time.monotonic() + timeout_seconds
    with tempfile.TemporaryFile() as output:
        with subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=_PROJECT,
            env={name: value for name, value in os.environ.items() if name.upper() in _SAFE_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                _wait(child, output, ends_at, stops)
            finally:
                child.kill()
        output.seek(0)
        answer = output.read(_ANSWER_BYTES + 1)
    if child.returncode != 0 or len(answer) > _ANSWER_BYTES:
        return {}
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(answer)
        return found if isinstance(found, dict) else {}
    return {}


def _wait(child: subprocess.Popen[bytes], output: IO[bytes], ends_at: float, stops: Iterable[threading.Event]) -> None:
    """Return when the child has ended, has had its time, or says more than any answer is long."""
    while time.monotonic() < ends_at and os.fstat(output.fileno()).st_size <= _ANSWER_BYTES:
        if any(stop.is_set() for stop in stops):
            raise MediaError("stopped", code="video_stopped")
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_POLL_SECONDS)
            return


def confine(seconds: int, largest_file_bytes: int) -> None:
    """Take away from this process what it does not need, where the system can; called by the module that is asked."""
    try:
        import resource
        import signal
    except ImportError:  # Windows: the parent's time-out is what there is
        return
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: largest_file_bytes,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_AS: _MEMORY_BYTES,
    }
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    signal.alarm(seconds + 5)  # an orphan ends as well
