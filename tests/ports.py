"""Ports for servers that have to be told theirs.

They lie below those that the system gives to whoever asks for any (32768 and up), and each worker of the tests has its
own share: between the moment a port is found free and the moment a server listens on it, nobody else takes it.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator

FIRST, LAST, SHARES = 20_000, 32_000, 8


def _untried() -> Iterator[int]:
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % SHARES
    ports = range(FIRST + share, LAST, SHARES)
    yield from random.sample(ports, len(ports))


_PORTS = _untried()


def free_port() -> int:
    """Return a port that nobody listens on; no port is returned twice."""
    for port in _PORTS:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise AssertionError("every port has been used")
