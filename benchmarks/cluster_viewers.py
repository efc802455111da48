"""Viewers of running answers, each with a WebSocket of its own through the proxy: how late each delta reaches them."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Sequence
from itertools import cycle

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

STAMP = re.compile(r"n(\d+)t(\d+\.\d{6});")


class Viewers:
    """Watch generations from a thread of their own until each has ended."""

    def __init__(self, urls: Sequence[str], ids: Sequence[str]) -> None:
        self.delays: list[float] = []
        self.broken = 0
        self._pairs = list(zip(ids, cycle(urls), strict=False))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch_all()), daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until all have seen the end."""
        self._thread.join(seconds)

    async def _watch_all(self) -> None:
        await asyncio.gather(*(self._watch(id, url) for id, url in self._pairs))

    async def _watch(self, id: str, url: str) -> None:
        address = f"ws{url.removeprefix('http')}/api/generations/{id}/live?pos=0"
        try:
            async with connect(address, origin=Origin(url), max_size=None) as socket:
                await self._read(socket)
        except (OSError, WebSocketException):
            self.broken += 1

    async def _read(self, socket: ClientConnection) -> None:
        seen, text = 0, ""
        async for message in socket:
            now, said = time.time(), json.loads(message)
            text += "".join(piece for _, piece in said["t"])
            found = [(int(one[1]), float(one[2])) for one in STAMP.finditer(text)]
            self.delays += [now - at for _, at in found[seen:]]
            seen = len(found)
            if said["done"]:
                return
