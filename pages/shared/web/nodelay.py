"""Cure of two: without TCP_NODELAY each rerun waits about 40 ms (STREAMLIT 2).

asyncio sets the option only on sockets whose protocol number says TCP; the listening socket has protocol 0. Sockets
accepted from a listener that has it inherit it (Linux).
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")


def answer_at_once() -> int:
    """Set TCP_NODELAY on every listening TCP socket of this process; return how many there were (0 off Linux)."""
    if not _DESCRIPTORS.is_dir():
        return 0
    return sum(_set_if_listening(int(name)) for name in os.listdir(_DESCRIPTORS))  # noqa: PTH208  # plain numbers


def _set_if_listening(descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        if not os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:"):  # noqa: PTH115  # not a path at all
            return False
        with contextlib.closing(socket.socket(fileno=os.dup(descriptor))) as sock:
            tcp = sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM
            if tcp and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return True
    return False
