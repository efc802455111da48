"""Where a fault is met: the base URL to give to the application, and the server behind it if there is one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tests.fault_server import FaultServer
from tests.fault_server.net import NO_SUCH_HOST, make_certificate, nobody_answers, nobody_listens

Door: TypeAlias = tuple[str, FaultServer | None]
OPTIONS: dict[str, dict[str, Any]] = {"up-reset-mid-stream": {"before_reset": 1.0}}


@contextmanager
def upstream(name: str, film: bytes) -> Iterator[Door]:
    """A server that plays an up-* fault and has the film its answers link to."""
    with FaultServer(name, **OPTIONS.get(name, {})) as server:
        server.files["/files/one.mp4"] = ("video/mp4", film)
        yield server.base_url, server


@contextmanager
def _listening_nowhere() -> Iterator[Door]:
    with nobody_listens() as base_url:
        yield base_url, None


@contextmanager
def _answering_never() -> Iterator[Door]:
    with nobody_answers() as base_url:
        yield base_url, None


@contextmanager
def _unknown() -> Iterator[Door]:
    yield NO_SUCH_HOST, None


@contextmanager
def _certified_for(host: str) -> Iterator[Door]:
    with tempfile.TemporaryDirectory() as folder:
        certificate = make_certificate(Path(folder), host=host)
        with FaultServer(certificate=certificate) as server:
            yield server.base_url, server


NETWORK: dict[str, Callable[[], AbstractContextManager[Door]]] = {
    "net-refused": _listening_nowhere,
    "net-dns-failure": _unknown,
    "net-connect-timeout": _answering_never,
    "net-tls-self-signed": lambda: _certified_for("127.0.0.1"),
    "net-tls-wrong-host": lambda: _certified_for("elsewhere.example"),
}
