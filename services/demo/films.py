"""The demo's films: named by prompt and number, drawn by another process, kept in a capped folder."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
KEEP_FILMS = 60
_PORTRAIT = re.compile(r"portrait|vertical|竖屏|9\s*[:：]\s*16", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{24}")


class Films:
    """All films of one home. A film can be drawn again from the small JSON beside it, so its link lives on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def begin(self, prompt: str, model: str, number: int = 0) -> str:
        """Start drawing and return the film's id, which depends on nothing but the arguments."""
        portrait = bool(_PORTRAIT.search(f"{model} {prompt}"))
        film_id = hashlib.sha256(f"{prompt}\0{number}\0{portrait}".encode("utf-8", "replace")).hexdigest()[:24]
        self._folder.mkdir(parents=True, exist_ok=True)
        order = json.dumps({"prompt": prompt, "number": number, "portrait": portrait})
        with self._lock:
            self._order(film_id).write_text(order, encoding="utf-8")
            self._draw(film_id)
        return film_id

    def path(self, film_id: str, *, wait_seconds: float = 60.0) -> Path | None:
        """Return the finished file, waiting for it or drawing it again; None for a film never ordered."""
        if not _ID.fullmatch(film_id) or not self._order(film_id).exists():
            return None
        with self._lock:
            process = self._draw(film_id)
        if process is not None:
            try:
                process.wait(wait_seconds)
            except subprocess.TimeoutExpired:
                return None
        return self._file(film_id) if self._file(film_id).exists() else None

    def stop(self) -> None:
        """End the drawing processes this object started."""
        with self._lock:
            self._stopped = True
            processes, self._running = list(self._running.values()), {}
        for process in processes:
            process.kill()
            process.wait()

    def _order(self, film_id: str) -> Path:
        return self._folder / f"{film_id}.json"

    def _file(self, film_id: str) -> Path:
        return self._folder / f"{film_id}.mp4"

    def _draw(self, film_id: str) -> subprocess.Popen[bytes] | None:
        for known in [known for known, process in self._running.items() if process.poll() is not None]:
            del self._running[known]
        if self._stopped or self._file(film_id).exists():
            return None
        if film_id not in self._running:
            self._sweep()
            self._running[film_id] = subprocess.Popen(
                [sys.executable, "-m", "services.demo.render", self._order(film_id), self._file(film_id)],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        return self._running[film_id]

    def _sweep(self) -> None:
        films = sorted(self._folder.glob("*.mp4"), key=lambda film: film.stat().st_mtime, reverse=True)
        for film in films[KEEP_FILMS:]:
            film.unlink(missing_ok=True)
