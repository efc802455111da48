"""Waiting for a call that nothing can interrupt (the system's look-up of a host), no longer than one wants to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

LOOK_SECONDS = 0.03
T = TypeVar("T")


def abandonable(call: Callable[[], T], *, seconds: float, given_up: Callable[[], bool]) -> T:
    """Return what `call` returns, or raise what it raises; leave it to itself when it takes too long.

    It runs in a thread of its own, a daemon: what is left behind ends whenever it does and keeps nobody.

    Raises:
        TimeoutError: it took longer than `seconds`.
        ConnectionAbortedError: `given_up()` became true meanwhile; looked at each 30 ms.
    """
    results: list[T] = []
    problems: list[BaseException] = []
    over = threading.Event()

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001  # raised where it is waited for
            problems.append(error)
        over.set()

    threading.Thread(target=run, name="look-up", daemon=True).start()
    waited = 0.0
    while not over.wait(min(LOOK_SECONDS, seconds)):
        waited += LOOK_SECONDS
        if given_up():
            raise ConnectionAbortedError("given up while looking up the host")
        if waited >= seconds:
            raise TimeoutError("looking up the host took too long")
    if problems:
        raise problems[0]
    return results[0]
