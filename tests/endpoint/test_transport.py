"""One request, on one connection, that can be stopped at any time."""

from __future__ import annotations

import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest

from services.endpoint.client import build_body
from services.endpoint.transport import Exchange, get_json, retry_after
from services.endpoint.urls import completions_url, models_url
from services.errors import (
    BrokenOffError,
    CancelledError,
    EndpointError,
    NotSentError,
    RejectedError,
    UnclearError,
)
from tests.fault_server import FaultServer
from tests.fault_server.net import NO_SUCH_HOST, make_certificate, nobody_answers, nobody_listens
from tests.waiting import wait_until

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


def test_the_request_is_the_documented_one() -> None:
    with FaultServer() as server, exchange() as one:
        post(one, server.base_url)
        whole = read_all(one)
    (request,) = server.requests
    assert request.method == "POST"
    assert request.path == "/v1/chat/completions"
    assert json.loads(request.body) == BODY
    assert "一只纸船 🛶".encode() in request.body
    assert list(request.headers) == [
        "host",
        "accept",
        "authorization",
        "content-type",
        "idempotency-key",
        "accept-encoding",
        "connection",
        "user-agent",
        "content-length",
    ]
    assert request.headers["accept"] == "application/json"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["connection"] == "close"
    assert request.headers["user-agent"].startswith("dailies/")
    assert one.sent
    assert (one.status, one.content_type) == (200, "text/event-stream")
    assert whole.endswith(b"data: [DONE]\n\n")


def test_without_a_token_there_is_no_authorization_header() -> None:
    with FaultServer() as server, exchange() as one:
        post(one, server.base_url, token=None)
        read_all(one)
    assert "authorization" not in server.requests[0].headers


def test_proxies_and_netrc_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with FaultServer() as proxy, FaultServer() as server, exchange() as one:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        post(one, server.base_url)
        read_all(one)
        assert get_json(models_url(server.base_url), token=TOKEN)["object"] == "list"
        assert proxy.connections == 0
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}


def test_each_exchange_has_a_fresh_connection_and_carries_one_request() -> None:
    with FaultServer() as server:
        for key in ("a", "b"):
            with exchange() as one:
                post(one, server.base_url, key=key)
                read_all(one)
                with pytest.raises(RuntimeError):
                    post(one, server.base_url, key=key)
        assert server.connections == 2
        assert server.posts == 2


@pytest.mark.parametrize("token", ["abc\ndef", "abc\r\nX-Evil: 1", "tökén-密", "two words", "nul\0", ""])
def test_a_token_no_header_can_carry_is_not_sent(token: str) -> None:
    with FaultServer() as server, exchange() as one:
        with pytest.raises(NotSentError) as caught:
            post(one, server.base_url, token=token)
        assert server.connections == 0
    assert caught.value.code == "token_invalid"
    assert not one.sent
    assert not caught.value.maybe_charged


def test_a_body_that_is_no_text_is_not_sent() -> None:
    with FaultServer() as server, exchange() as one:
        with pytest.raises(NotSentError):
            one.post(completions_url(server.base_url), token=None, body={"x": "\ud83d"}, idempotency_key="k")
        assert server.connections == 0


def test_a_refused_connection_is_not_sent() -> None:
    with nobody_listens() as base_url, exchange() as one, pytest.raises(NotSentError):
        post(one, base_url)
    assert not one.sent


def test_an_unknown_host_is_not_sent() -> None:
    with exchange() as one, pytest.raises(NotSentError, match="no such host"):
        post(one, NO_SUCH_HOST)
    assert not one.sent


def test_a_connection_that_never_comes_up_ends_at_its_limit_and_is_not_sent() -> None:
    began = time.monotonic()
    with nobody_answers() as base_url, exchange(0.5) as one, pytest.raises(NotSentError):
        post(one, base_url)
    assert 0.4 < time.monotonic() - began < 2.0


@pytest.mark.parametrize(("host", "trusted"), [("127.0.0.1", False), ("elsewhere.example", True)])
def test_a_certificate_we_cannot_trust_is_not_sent(host: str, trusted: bool, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, host=host)
    with FaultServer(certificate=certificate) as server, exchange(ca_file=certificate if trusted else None) as one:
        with pytest.raises(NotSentError, match="no secure connection"):
            post(one, server.base_url)
        assert server.posts == 0
    assert not one.sent


def test_over_tls_all_is_the_same(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, host="127.0.0.1")
    with FaultServer(certificate=certificate) as server, exchange(ca_file=certificate) as one:
        post(one, server.base_url)
        assert read_all(one).endswith(b"data: [DONE]\n\n")
        listed = get_json(models_url(server.base_url), token=TOKEN, ca_file=str(certificate))
    assert one.sent
    assert listed["data"]


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
    assert ready.wait(10)
    asked = time.monotonic()
    one.stop("user")
    returned = time.monotonic()
    thread.join(20)
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
    assert statistics.median(stops) < 0.004
    assert statistics.median(ends) < 0.2


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
    assert end < 1.0


def test_the_user_stops_it_while_the_connection_is_made() -> None:
    with nobody_answers() as base_url, exchange(20.0) as one:
        ready = threading.Timer(0.2, lambda: None)
        ready.start()
        error, _, end = stopped_after(one, base_url, ready.finished)
    assert isinstance(error, CancelledError)
    assert not error.maybe_charged
    assert end < 1.0


def test_the_user_stops_it_in_a_tls_handshake_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, exchange(20.0) as one:
        ready = threading.Timer(0.3, lambda: None)
        ready.start()
        error, _, end = stopped_after(one, f"https://127.0.0.1:{silent.getsockname()[1]}", ready.finished)
    assert isinstance(error, CancelledError)
    assert not error.maybe_charged
    assert not one.sent
    assert end < 1.0


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


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with FaultServer("up-redirect-307") as server, exchange() as one:
        post(one, server.base_url)
        assert (one.status, read_all(one)) == (307, b"")
        assert len(server.requests) == 1


def test_each_piece_arrives_as_it_is_sent() -> None:
    with FaultServer(delay=0.15, text="a" * 14) as server, exchange() as one:
        post(one, server.base_url)
        first = one.read()
    assert first.count(b"data:") == 1


def test_retry_after_of_an_answer_is_read() -> None:
    with FaultServer("up-http-429-retry-after") as server, exchange() as one:
        post(one, server.base_url)
        assert one.retry_after_seconds == 7.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0.0), (" 120 ", 120.0), ("86400", 86400.0), ("86401", None), ("9" * 400, None), ("-5", None)]
    + [(text, None) for text in ("", None, "soon", "3.5", "٣", "²", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 99 Foo")],
)
def test_retry_after_is_digits_or_a_date_within_a_day(text: str | None, seconds: float | None) -> None:
    assert retry_after(text) == seconds


def test_retry_after_takes_a_date_to_come() -> None:
    seconds = retry_after(formatdate(time.time() + 60, usegmt=True))
    assert seconds is not None
    assert 50 < seconds <= 60


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        ("401 Unauthorized", RejectedError, "auth"),
        ("402 Payment Required", RejectedError, "insufficient_quota"),
        ("404 Not Found", RejectedError, "not_found"),
        ("429 Too Many Requests", RejectedError, "rate_limited"),
        ("307 Temporary Redirect", RejectedError, "redirect"),
        ("418 Teapot", RejectedError, "bad_request"),
        ("500 Oops", UnclearError, "upstream_error"),
        ("502 Bad Gateway", UnclearError, "gateway"),
        ("524 Slow", UnclearError, "timeout"),
    ],
)
def test_a_list_that_is_refused_says_why(status: str, kind: type[EndpointError], code: str) -> None:
    with FaultServer(models_status=status) as server, pytest.raises(kind) as caught:
        get_json(models_url(server.base_url), token=TOKEN)
    assert (caught.value.code, caught.value.http_status) == (code, int(status[:3]))


def test_a_page_instead_of_a_list_and_a_list_that_never_comes() -> None:
    with FaultServer() as server:
        server.files["/v1/models"] = ("text/html", b"<html>log in</html>")
        with pytest.raises(UnclearError) as caught:
            get_json(models_url(server.base_url), token=None)
    assert caught.value.code == "html_answer"
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(UnclearError) as caught:
        get_json(f"http://127.0.0.1:{silent.getsockname()[1]}/v1/models", token=None, timeout_seconds=0.3)
    assert caught.value.code == "timeout"
