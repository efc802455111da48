"""What the tests of one request share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.endpoint.client import build_body
from services.endpoint.transport import Exchange
from services.endpoint.urls import completions_url

TOKEN = "canary-token-0123456789"
BODY = build_body(prompt="一只纸船 🛶 's", model="sora-2", max_tokens=1000, stream=True, extra={})


@contextmanager
def exchange(connect_seconds: float = 5.0, ca_file: Path | None = None) -> Iterator[Exchange]:
    one = Exchange(connect_seconds=connect_seconds, ca_file=str(ca_file) if ca_file else None)
    try:
        yield one
    finally:
        one.close()


def post(one: Exchange, base_url: str, *, token: str | None = TOKEN, key: str = "key-1") -> None:
    one.post(completions_url(base_url), token=token, body=BODY, idempotency_key=key)


def read_all(one: Exchange) -> bytes:
    return b"".join(iter(one.read, b""))
