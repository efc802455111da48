"""Every address this process dials, heard from Python itself; and a resolver that lies as a test wants."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

_heard: list[list[tuple[str, int]]] = []
_hooked = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _heard and isinstance(arguments[1], tuple):
        for dials in _heard:
            dials.append((str(arguments[1][0]), int(arguments[1][1])))


@contextmanager
def heard() -> Iterator[list[tuple[str, int]]]:
    """Collect (address, port) of each dial while the block runs. Python never lets go of a hook: one serves all."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    dials: list[tuple[str, int]] = []
    _heard.append(dials)
    try:
        yield dials
    finally:
        _heard[:] = [other for other in _heard if other is not dials]


@contextmanager
def resolving(names: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Have the system's resolver answer so for these names; yield which of them were asked for."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def answer(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if host not in names:
            return really(host, port, *arguments, **named)
        asked.append(host)
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in names[host]]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, int(port or 0)))
            for family, address in zip(families, names[host], strict=True)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", answer)
        yield asked
