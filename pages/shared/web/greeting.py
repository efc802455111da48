"""What the terminal says once Dailies can be used: one line with its address, instead of Streamlit's banner."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from streamlit import get_option

from pages.shared.runtime import get_runtime, start_trouble

_AGAIN_SECONDS: Final = 0.1
_EVERY_INTERFACE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # nosec B104 - compared, not bound


async def say_ready() -> None:
    """Print the address as soon as `/healthz` answers well there; at once when the start page is all there is."""
    bound, port = str(get_option("server.address") or ""), int(get_option("server.port"))
    host = _EVERY_INTERFACE.get(bound, bound)
    if (trouble := start_trouble()) is not None:
        where = ready(trouble.settings.public_url, host, port, "Dailies cannot start; its page says what to do")
        print(f"{trouble.message}\n{where}", flush=True)  # noqa: T201  # the terminal's two lines
        return
    while not await _is_healthy(host, port):
        await asyncio.sleep(_AGAIN_SECONDS)
    # Flushed, so that a file or a pipe has it at once too.
    print(ready(get_runtime().settings.public_url, host, port), flush=True)  # noqa: T201  # the terminal's one line


def ready(public_url: str | None, host: str, port: int, what: str = "Dailies is ready") -> str:
    """Return the sentence for the terminal.

    >>> ready(None, "127.0.0.1", 8501)
    'Dailies is ready: http://127.0.0.1:8501 (Ctrl+C stops it)'
    """
    here = f"[{host}]" if ":" in host else host
    return f"{what}: {public_url or f'http://{here}:{port}'} (Ctrl+C stops it)"


async def _is_healthy(host: str, port: int) -> bool:
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.writelines([b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"])
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    return False
