"""The free list beside the paid request, and when an endpoint asks us to come back."""

from __future__ import annotations

import socket
import time
from email.utils import formatdate

import pytest

from services.endpoint.transport import get_json, retry_after
from services.endpoint.urls import models_url
from services.errors import EndpointError, RejectedError, UnclearError
from tests.endpoint.exchanging import TOKEN, exchange, post
from tests.fault_server import FaultServer


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
