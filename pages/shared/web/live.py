"""A running answer, pushed to one viewer as it grows.

`/api/generations/{id}/live?pos=N` is one answer; `/api/tabs/{tab}/live` whatever a tab sends, from the moment it is
kept (ADR 0033). The job's thread wakes us; nothing polls. One message holds everything since `pos`, so a slow viewer
gets fewer and larger ones and needs no queue. Order: clear the event, read, send, only then wait: no delta is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.shared.people import person_behind, person_of, team
from pages.shared.plain import stage_words
from pages.shared.runtime import get_runtime
from pages.shared.tabs import line_of
from services.errors import DailiesError, StoreError

if TYPE_CHECKING:
    from services.jobs.live import LiveChunk, LiveText
    from services.runtime import Runtime

_POLICY_VIOLATION = 1008
_TRY_AGAIN_LATER = 1013
_SIGNED_IN_SECONDS = 1.0
_LOOK_ANYWAY_SECONDS = 2.0  # the store comes and goes without a wake-up; a lost one makes a viewer this late at most


async def live(socket: WebSocket) -> None:
    """Serve one viewer until the generation has ended or the viewer is gone."""
    try:
        runtime = get_runtime()
    except StoreError:
        await socket.close(_TRY_AGAIN_LATER)
        return
    generation_id = socket.path_params["id"]
    owner = person_of(socket)
    if owner is None:
        await socket.close(_POLICY_VIOLATION)
        return
    try:
        await asyncio.to_thread(runtime.for_person(owner).generations.get, generation_id)
        text = await asyncio.to_thread(runtime.watch, generation_id)
    except StoreError:
        await socket.close(_TRY_AGAIN_LATER)
        return
    except DailiesError:
        await socket.close(_POLICY_VIOLATION)
        return
    await socket.accept()
    viewer = _Viewer(socket)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError), viewer.watched():
        if await _push(viewer, text, runtime, _position(socket.query_params.get("pos", ""))):
            await socket.close()


async def live_tab(socket: WebSocket) -> None:
    """Serve one tab as long as it is open: each answer it asks for."""
    owner = person_of(socket)
    if owner is None:
        await socket.close(_POLICY_VIOLATION)
        return
    await socket.accept()
    viewer = _Viewer(socket)
    sent: list[str] = []

    def hear(generation_id: str) -> None:
        sent.append(generation_id)
        viewer.wake()

    line = line_of(owner, socket.path_params["tab"], hear)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError), viewer.watched(), line:
        while await viewer.stays():
            viewer.event.clear()
            if sent:
                newest = sent[-1]
                sent.clear()
                with contextlib.suppress(DailiesError):  # the page's own run finds out and says so
                    runtime = get_runtime()
                    text = await asyncio.to_thread(runtime.watch, newest)
                    await _push(viewer, text, runtime, 0, of_tab=newest, enough=lambda: bool(sent))
            else:
                await viewer.wait(_SIGNED_IN_SECONDS if team() else None)


class _Viewer:
    """One open socket, woken from any thread, looked after until it closes or its person has signed out."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.event = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._gone: asyncio.Task[None] | None = None
        self._look_at = time.monotonic() + _SIGNED_IN_SECONDS

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Notice that the viewer left, also while there is nothing to send."""
        self._gone = asyncio.create_task(self._until_closed())
        try:
            yield
        finally:
            self._gone.cancel()

    def wake(self) -> None:
        """Wake it, from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closing: nobody is left to wake
            self._loop.call_soon_threadsafe(self.event.set)

    async def wait(self, seconds: float | None) -> None:
        """Wait to be woken, no longer than that."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.event.wait(), seconds)

    async def stays(self) -> bool:
        """Tell whether the viewer is still there and may be; show those who may not out."""
        if self._gone is None or self._gone.done():
            return False
        if team() and time.monotonic() > self._look_at:
            self._look_at = time.monotonic() + _SIGNED_IN_SECONDS
            if await asyncio.to_thread(_has_left, self.socket):
                await self.socket.close(_POLICY_VIOLATION)
                return False
        return True

    async def _until_closed(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (await self.socket.receive())["type"] != "websocket.disconnect":
                pass
        self.event.set()


def _position(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


async def _push(
    viewer: _Viewer,
    text: LiveText,
    runtime: Runtime,
    pos: int,
    *,
    of_tab: str = "",
    enough: Callable[[], bool] = lambda: False,
) -> bool:
    """Send what there is and what comes until it has ended; tell whether it was that and the viewer still there."""
    unsubscribe = text.subscribe(viewer.wake)
    last = ""
    try:
        while await viewer.stays() and not enough():
            viewer.event.clear()
            chunk = text.read(pos)
            pos = chunk.pos
            unsaved = runtime.unsaved and not chunk.ended
            status = json.dumps([chunk.progress, chunk.stage, str(chunk.state), unsaved])
            if chunk.parts or status != last or chunk.ended:
                last = status
                await viewer.socket.send_text(_message(chunk, unsaved=unsaved, of_tab=of_tab))
            if chunk.ended:
                return True
            if not enough():
                await viewer.wait(_LOOK_ANYWAY_SECONDS)
    finally:
        unsubscribe()
    return False


def _has_left(socket: WebSocket) -> bool:
    """Tell whether the viewer has signed out, or was shut out; not while nobody can tell."""
    try:
        person = person_behind(socket.cookies)
    except StoreError:
        return False
    return person is None or not person.let_in


def _message(chunk: LiveChunk, *, unsaved: bool, of_tab: str) -> str:
    said = {
        "t": [[kind, text] for kind, text in chunk.parts],
        "pos": chunk.pos,
        "p": chunk.progress,
        "g": stage_words(chunk.stage),
        "s": str(chunk.state),
        "u": int(unsaved),
        "done": int(chunk.ended),
    }
    return json.dumps(said | {"id": of_tab} if of_tab else said, ensure_ascii=False, separators=(",", ":"))
