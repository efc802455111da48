"""`/api/generations/{id}/live?pos=N`: a running answer, pushed to one viewer as it grows.

The job's thread wakes us; nothing polls. One message holds everything since `pos`, so a slow viewer gets fewer and
larger ones and needs no queue. Order: clear the event, read, send, only then wait: no delta is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.shared.people import person_behind, person_of, team
from pages.shared.plain import stage_words
from pages.shared.runtime import get_runtime
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
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await _push(socket, text, runtime, _position(socket.query_params.get("pos", "")))


def _position(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _waker(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> Callable[[], None]:
    def wake() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closing: nobody is left to wake
            loop.call_soon_threadsafe(event.set)

    return wake


async def _push(socket: WebSocket, text: LiveText, runtime: Runtime, pos: int) -> None:
    event = asyncio.Event()
    unsubscribe = text.subscribe(_waker(asyncio.get_running_loop(), event))
    gone = asyncio.create_task(_until_closed(socket, event))
    last = ""
    try:
        stays = time.monotonic() + _SIGNED_IN_SECONDS
        while not gone.done():
            if team() and time.monotonic() > stays:
                stays = time.monotonic() + _SIGNED_IN_SECONDS
                if await asyncio.to_thread(_has_left, socket):
                    await socket.close(_POLICY_VIOLATION)
                    return
            event.clear()
            chunk = text.read(pos)
            pos = chunk.pos
            unsaved = runtime.unsaved and not chunk.ended
            status = json.dumps([chunk.progress, chunk.stage, str(chunk.state), unsaved])
            if chunk.parts or status != last or chunk.ended:
                last = status
                await socket.send_text(_message(chunk, unsaved=unsaved))
            if chunk.ended:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), _LOOK_ANYWAY_SECONDS)
    finally:
        unsubscribe()
        gone.cancel()
    await socket.close()


def _has_left(socket: WebSocket) -> bool:
    """Tell whether the viewer has signed out, or was shut out; not while nobody can tell."""
    try:
        person = person_behind(socket.cookies)
    except StoreError:
        return False
    return person is None or not person.let_in


def _message(chunk: LiveChunk, *, unsaved: bool) -> str:
    said = {
        "t": [[kind, text] for kind, text in chunk.parts],
        "pos": chunk.pos,
        "p": chunk.progress,
        "g": stage_words(chunk.stage),
        "s": str(chunk.state),
        "u": int(unsaved),
        "done": int(chunk.ended),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


async def _until_closed(socket: WebSocket, event: asyncio.Event) -> None:
    """Notice that the viewer left, also while there is nothing to send."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    event.set()
