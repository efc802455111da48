"""A request can be stopped at any time, in any phase, and says why it ended."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from services.endpoint.transport import Exchange
from services.errors import BrokenOffError, CancelledError, EndpointError, NotSentError, UnclearError
from tests.endpoint.exchanging import exchange, post, read_all
from tests.fault_server import FaultServer
from tests.fault_server.net import make_certificate, nobody_answers
from tests.waiting import SOON_SECONDS, wait_until


def stopped_after(one: Exchange, base_url: str, ready: threading.Event) -> tuple[EndpointError, float, float]:
    """Run until `ready`, stop; return the error, how long `stop` took and how long the end took after it."""
    errors: list[EndpointError] = []
    ended: list[float] = []

    def run() -> None:
        try:
            post(one, base_url)
            while one.read():
                ready.set()
        except EndpointError as error:
            errors.append(error)
        ended.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(60)
    asked = time.monotonic()
    one.stop("user")
    returned = time.monotonic()
    thread.join(60)
    return errors[0], returned - asked, ended[0] - asked


@pytest.mark.parametrize("tls", [False, True])
def test_the_user_stops_it_while_the_body_runs(tls: bool, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, host="127.0.0.1") if tls else None
    stops, ends = [], []
    with FaultServer("up-stall-mid-stream", certificate=certificate) as server:
        for _ in range(7):
            with exchange(ca_file=certificate) as one:
                error, stop, end = stopped_after(one, server.base_url, threading.Event())
            assert isinstance(error, CancelledError)
            assert error.maybe_charged
            assert error.http_status == 200
            stops.append(stop)
            ends.append(end)
        assert server.posts == 7
    assert max(stops) <= max(ends) < SOON_SECONDS  # how fast it is, benchmarks/cancel.py measures


@pytest.mark.parametrize("tls", [False, True])
def test_the_user_stops_it_before_the_headers(tls: bool, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, host="127.0.0.1") if tls else None
    with FaultServer("up-no-headers-at-all", certificate=certificate) as server, exchange(ca_file=certificate) as one:
        ready = threading.Event()

        def tell() -> None:
            wait_until(lambda: server.posts == 1)
            ready.set()

        watch = threading.Thread(target=tell)
        watch.start()
        error, _, end = stopped_after(one, server.base_url, ready)
        watch.join()
    assert isinstance(error, CancelledError)
    assert error.maybe_charged
    assert end < SOON_SECONDS


def test_the_user_stops_it_while_the_connection_is_made() -> None:
    with nobody_answers() as base_url, exchange(20.0) as one:
        ready = threading.Timer(0.8, lambda: None)
        ready.start()
        error, _, end = stopped_after(one, base_url, ready.finished)
    assert isinstance(error, CancelledError)
    assert not error.maybe_charged
    assert end < SOON_SECONDS


def test_the_user_stops_it_in_a_tls_handshake_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, exchange(20.0) as one:
        ready = threading.Timer(0.8, lambda: None)
        ready.start()
        error, _, end = stopped_after(one, f"https://127.0.0.1:{silent.getsockname()[1]}", ready.finished)
    assert isinstance(error, CancelledError)
    assert not error.maybe_charged
    assert not one.sent
    assert end < SOON_SECONDS


def test_stopped_before_it_began_it_dials_nobody() -> None:
    with FaultServer() as server, exchange() as one:
        one.stop("shutdown")
        one.stop("user")
        with pytest.raises(NotSentError):
            post(one, server.base_url)
        assert one.why == "shutdown"
        assert server.connections == 0


def test_the_first_reason_stays_and_a_late_one_changes_nothing() -> None:
    with FaultServer("up-stall-mid-stream") as server, exchange() as one:
        post(one, server.base_url)
        one.stop("idle")
        one.stop("user")
        with pytest.raises(BrokenOffError) as caught:
            read_all(one)
        assert (one.why, caught.value.code) == ("idle", "idle")
        server.plays("up-ok")
        with exchange() as other:
            post(other, server.base_url)
            read_all(other)
            other.stop("total")
            assert other.why is None
            assert other.read() == b""


def test_header_bytes_and_pings_are_life_signs() -> None:
    with FaultServer("up-headers-one-byte-per-100ms") as server, exchange() as one:

        def run() -> None:
            with pytest.raises(UnclearError):
                post(one, server.base_url)

        thread = threading.Thread(target=run)
        thread.start()
        wait_until(lambda: one.sent)
        first = one.last_byte_at
        wait_until(lambda: one.last_byte_at > first + 0.3)
        one.stop("total")
        thread.join()
    with FaultServer("up-only-pings-until-deadline") as server, exchange() as one:
        post(one, server.base_url)
        first = one.last_byte_at
        while one.last_byte_at < first + 0.3:
            assert one.read()
