"""The demo's films: named by prompt and number, drawn by another process, kept in a capped folder."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
KEEP_FILMS = 60
DRAWN_AT_ONCE = 2  # each takes about one second of one core
_PORTRAIT = re.compile(r"portrait|vertical|竖屏|9\s*[:：]\s*16", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{24}")


class Films:
    """All films of one home. A film can be drawn again from the small JSON beside it, so its link lives on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drawing: dict[str, Future[None]] = {}
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._pool = ThreadPoolExecutor(DRAWN_AT_ONCE, thread_name_prefix="demo-film")

    def begin(self, prompt: str, model: str) -> str:
        """Have a film drawn and return its id. The same prompt again is another take, with a film of its own."""
        portrait = bool(_PORTRAIT.search(f"{model} {prompt}"))
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            number = 0
            while self._order(film_id := _id(prompt, number, portrait=portrait)).exists():
                number += 1
            order = json.dumps({"prompt": prompt, "number": number, "portrait": portrait})
            self._order(film_id).write_text(order, encoding="utf-8")
            self._draw(film_id)
        return film_id

    def path(self, film_id: str, *, wait_seconds: float = 60.0) -> Path | None:
        """Return the finished file, waiting for it or drawing it again; None for a film never ordered."""
        if not _ID.fullmatch(film_id) or not self._order(film_id).exists():
            return None
        with self._lock:
            drawing = self._draw(film_id)
        if drawing is not None:
            try:
                drawing.result(wait_seconds)
            except (TimeoutError, CancelledError):
                return None
        return self._file(film_id) if self._file(film_id).exists() else None

    def stop(self) -> None:
        """End the drawing processes this object started."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes)
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        self._pool.shutdown(wait=True)

    def _order(self, film_id: str) -> Path:
        return self._folder / f"{film_id}.json"

    def _file(self, film_id: str) -> Path:
        return self._folder / f"{film_id}.mp4"

    def _draw(self, film_id: str) -> Future[None] | None:
        for known in [known for known, drawing in self._drawing.items() if drawing.done()]:
            del self._drawing[known]
        if self._stopped or self._file(film_id).exists():
            return None
        if film_id not in self._drawing:
            self._drawing[film_id] = self._pool.submit(self._render, film_id)
        return self._drawing[film_id]

    def _render(self, film_id: str) -> None:
        """Draw one film in a process of its own: the server never loads libav."""
        with self._lock:
            if self._stopped:
                return
            self._sweep()
            process = subprocess.Popen(
                [sys.executable, "-m", "services.demo.render", self._order(film_id), self._file(film_id)],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            self._processes.add(process)
        process.wait()
        with self._lock:
            self._processes.discard(process)

    def _sweep(self) -> None:
        films = sorted(self._folder.glob("*.mp4"), key=lambda film: film.stat().st_mtime, reverse=True)
        for film in films[KEEP_FILMS:]:
            film.unlink(missing_ok=True)


def _id(prompt: str, number: int, *, portrait: bool) -> str:
    return hashlib.sha256(f"{prompt}\0{number}\0{portrait}".encode("utf-8", "replace")).hexdigest()[:24]
