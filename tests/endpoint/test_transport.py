"""One request, on one connection, that can be stopped at any time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from services.endpoint.transport import get_json
from services.endpoint.urls import completions_url, models_url
from services.errors import NotSentError
from tests.endpoint.exchanging import BODY, TOKEN, exchange, post, read_all
from tests.fault_server import FaultServer
from tests.fault_server.net import NO_SUCH_HOST, make_certificate, nobody_answers, nobody_listens
from tests.waiting import SOON_SECONDS


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
    assert 0.4 < time.monotonic() - began < SOON_SECONDS


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
