"""The whole application in this process, on a folder of its own, with an endpoint for each fault."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.states import ENDED, VideoState
from pages.shared.runtime import close_runtime, get_runtime
from services.generations import Generation
from services.runtime import ForPerson, Runtime
from tests.fault_server import FaultServer
from tests.faults.canary import TOKEN, hits_of
from tests.faults.results import Result
from tests.faults.telling import told
from tests.media.host import Host
from tests.waiting import wait_until

LIMITS = {
    "DAILIES_UNDO_SECONDS": "0",
    "DAILIES_FREE_FLOOR_BYTES": "0",
    "DAILIES_CONNECT_SECONDS": "2",
    "DAILIES_PERSON_CONCURRENCY": "24",
    "DAILIES_FETCH_IDLE_SECONDS": "1.5",
    "DAILIES_FETCH_TOTAL_SECONDS": "4",
    "DAILIES_FETCH_MAX_BYTES": "2000000",
}


@dataclass(frozen=True, slots=True)
class House:
    """A runtime and the one person who lives there."""

    home: Path
    log: Path
    runtime: Runtime
    me: ForPerson
    host: Host
    """Where videos are; the only address besides the endpoints' own that may be dialled."""
    film: bytes

    def submit(self, name: str, base_url: str, *, idle: float | None = None, total: float | None = None) -> Generation:
        """Send a prompt to an endpoint of its own, with the canary as its token."""
        endpoint = self.me.endpoints.save(
            None, name=name, base_url=base_url, token=TOKEN, model="sora-2", idle_seconds=idle, total_seconds=total
        )
        return self.me.generations.submit(f"{name}: a paper boat 纸船", nonce=name, endpoint_id=endpoint.id)

    def ended(self, generation: Generation, seconds: float = 60.0) -> Generation:
        """Wait until it has ended and each of its videos is kept or has failed once; return that very moment."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            now = self.me.generations.get(generation.id)
            if now.state in ENDED and all(_is_settled(video.state) for video in now.videos):
                return now
            time.sleep(0.02)
        raise AssertionError(f"{generation.prompt} is still {self.me.generations.get(generation.id).state}")

    def streaming(self, generation: Generation) -> None:
        """Wait until the answer has begun and some of it is kept."""
        wait_until(lambda: self.me.generations.raw(generation.id))

    def result(
        self, fault_id: str, generation: Generation, server: FaultServer | None, outcome: str | None = None
    ) -> Result:
        """Put together what came of a generation."""
        page = told(generation)
        return Result(
            id=fault_id,
            outcome=outcome or str(generation.state),
            maybe_charged=charged(generation),
            posts=server.posts if server else 0,
            lost_text=bool(server) and lost(server.sent_pieces if server else [], generation.content),
            sentence_en=page.en,
            sentence_zh=page.zh,
            canary_hits=hits_of(self.me.generations, generation, page.screen),
        )


def charged(generation: Generation) -> bool | None:
    """Return what the report says of the money."""
    from services.generations.report import maybe_charged

    return maybe_charged(generation)


def lost(sent: list[str], kept: str) -> bool:
    """Tell whether a piece of what was sent is missing from what is kept, or out of its order."""
    at = 0
    for piece in sent:
        found = kept.find(piece, at)
        if found < 0:
            return True
        at = found + len(piece)
    return False


@contextmanager
def opened(folder: Path, host: Host, film: bytes) -> Iterator[House]:
    """Start the application as the server starts it; nothing of the developer's own environment reaches it."""
    home, log = folder / "home", folder / "log.txt"
    with pytest.MonkeyPatch.context() as patch, written(log):
        for name in [name for name in os.environ if name.startswith("DAILIES_") and name != "DAILIES_FAULT_RESULTS"]:
            patch.delenv(name)
        for name, value in LIMITS.items():
            patch.setenv(name, value)
        patch.setenv("DAILIES_HOME", str(home))
        patch.setenv("DAILIES_MEDIA_ALLOW", f"127.0.0.1:{host.port}")
        runtime = get_runtime()
        try:
            yield House(home, log, runtime, runtime.for_person("local"), host, film)
        finally:
            close_runtime()


@contextmanager
def written(file: Path) -> Iterator[None]:
    """Write everything that any logger of this process says into a file, down to debugging."""
    root, handler = logging.getLogger(), logging.FileHandler(file, encoding="utf-8")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


def _is_settled(state: VideoState) -> bool:
    return state in {VideoState.KEPT, VideoState.FAILED}
