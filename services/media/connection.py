"""One GET to addresses already checked: requests on top, our own dialling below.

The HTTP library is told scheme, host and port only. The target is put in the request line here, so neither requests
nor urllib3 can re-quote it (both do: `%7E` to `~`, `%2f` to `%2F`), and what a signature covers arrives unchanged.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from services.media.address import Answer, Link
from services.media.deadline import Watch

TROUBLE = (requests.RequestException, HTTPError, OSError, ValueError)
"""All that a request may raise."""

Dialer: TypeAlias = Callable[[Answer, int, float, Watch], socket.socket]
"""Connects to (address, port) within seconds, under a watch."""


def dial(answer: Answer, port: int, connect_seconds: float, watch: Watch) -> socket.socket:
    """Connect to one numeric address; the watch holds the socket from before the first packet."""
    family, address = answer
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(connect_seconds)
        watch.guard(sock)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request on the way to a video: its link, where to dial, and within which time."""

    link: Link
    answers: list[Answer]
    watch: Watch
    connect_seconds: float
    read_seconds: float
    ca_file: str | None = None
    dialer: Dialer = dial

    def connect(self) -> socket.socket:
        """Dial the checked addresses in order until one answers.

        Raises:
            OSError: none did; the last one's reason.
        """
        problem: OSError = OSError("no address")
        for answer in self.answers:
            try:
                sock = self.dialer(answer, self.link.port, self.connect_seconds, self.watch)
            except OSError as error:
                problem = error
            else:
                sock.settimeout(self.read_seconds)
                return sock
        if isinstance(problem, (ConnectionResetError, BrokenPipeError)):
            # urllib3 takes these for a host that answers early, and goes on without a socket
            raise ConnectionAbortedError("broken off while connecting") from problem
        raise problem


class _Dialled:
    """What a plain and a TLS connection share: the hop dials, and its target goes into the request line untouched."""

    def __init__(self, *args: Any, hop: Hop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hop = hop

    def _new_conn(self) -> socket.socket:
        return self._hop.connect()

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin the request with the hop's own target instead of `url`."""
        connection = cast(HTTPConnection, super())
        connection.putrequest(method, self._hop.link.target, skip_host, skip_accept_encoding)


class _Plain(_Dialled, HTTPConnection):
    pass


class _Tls(_Dialled, HTTPSConnection):
    pass


class _CheckedAdapter(HTTPAdapter):
    """An adapter whose connections dial only what the hop says."""

    def __init__(self, hop: Hop) -> None:
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)
        self._hop = hop

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """Return the pool for the hop, with our connections in it."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        kind = _Tls if self._hop.link.scheme == "https" else _Plain
        pool.ConnectionCls = partial(kind, hop=self._hop)  # a factory serves as well
        return cast(HTTPConnectionPool, pool)


def open_session(hop: Hop) -> requests.Session:
    """Return a session for this hop alone: no cookies, proxies, netrc or pooled sockets from anywhere else."""
    session = requests.Session()
    session.trust_env = False
    session.mount(f"{hop.link.scheme}://", _CheckedAdapter(hop))
    return session


def get(session: requests.Session, hop: Hop, headers: Mapping[str, str]) -> requests.Response:
    """Send the GET and return once headers are here; the body is not read and redirects are not followed.

    Raises:
        requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError: the caller translates.
    """
    request = session.prepare_request(requests.Request("GET", hop.link.root, headers=dict(headers)))
    # Not session.send: told not to follow a redirect it still reads its whole body, decoded, into memory.
    with hop.watch.waiting():
        return session.get_adapter(hop.link.root).send(
            request,
            stream=True,
            timeout=(hop.read_seconds, hop.read_seconds),
            verify=hop.ca_file or True,
        )
