"""The watchdog of the tests: stops an exchange by network time, as the application's does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.endpoint.transport import Exchange


@contextmanager
def limited(exchange: Exchange, *, idle: float = 20.0, total: float = 120.0) -> Iterator[None]:
    """Stop the exchange when no byte came for `idle` seconds, or after `total` seconds."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            now = time.monotonic()
            if now - exchange.started_at > total:
                exchange.stop("total")
            elif now - exchange.last_byte_at > idle:
                exchange.stop("idle")

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
