"""Samples of looks and templates: one still each, drawn by the demo's own hand when the first one is asked for.

All of them take about a second of a process of low priority, once; then they lie in the data folder. A sample's file is
named by its words and by the drawing code, so none is ever stale: other words, or another hand, and it is drawn anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
HAND = ("palette.py", "finish.py", "render.py", "stills.py")
SECONDS = 60.0


class Samples:
    """The samples of one home."""

    def __init__(self, folder: Path, prompts: Mapping[str, str]) -> None:
        hand = b"".join((Path(__file__).parent / name).read_bytes() for name in HAND)
        self._files = {
            name: folder / f"{hashlib.sha256(hand + prompt.encode()).hexdigest()[:24]}.jpg"
            for name, prompt in prompts.items()
        }
        self._folder = folder
        self._prompts = prompts
        self._turn = threading.Lock()
        self._failed = self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def path(self, name: str) -> Path | None:
        """Return the file of a sample, drawing all that are missing first; None if there is none of that name."""
        file = self._files.get(name)
        if file is None or file.is_file():
            return file
        with self._turn:
            if not file.is_file() and not self._failed:
                self._failed = not self._drawn()
        return file if file.is_file() else None

    def stop(self) -> None:
        """End the drawing; nothing is drawn any more."""
        self._stopped = self._failed = True
        process = self._process
        if process is not None:
            process.kill()

    def _drawn(self) -> bool:
        try:
            return self._draw()
        except OSError:  # a full disk, or a folder we may only read: cards live without
            return False

    def _draw(self) -> bool:
        """Have what is missing drawn; False if that did not work: it is not tried again before the next start."""
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = set(self._files.values())
        for stale in self._folder.glob("*.jpg"):
            if stale not in wanted:
                stale.unlink(missing_ok=True)
        order = [[self._prompts[name], str(file)] for name, file in self._files.items() if not file.is_file()]
        given = self._folder / f"order-{os.getpid()}.json"
        given.write_text(json.dumps(order), encoding="utf-8")
        try:
            return self._run(given)
        finally:
            given.unlink(missing_ok=True)

    def _run(self, order: Path) -> bool:
        with subprocess.Popen(
            [sys.executable, "-m", "services.demo.stills", str(order)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            self._process = process
            try:
                if self._stopped:
                    process.kill()
                return process.wait(SECONDS) == 0
            except subprocess.TimeoutExpired:
                process.kill()
                return False
            finally:
                self._process = None
