"""The body of the paid request, and the free look at an endpoint."""

from __future__ import annotations

import pytest

from services.endpoint.client import build_body, check_token, list_models, test_endpoint
from services.errors import EndpointSettingsError
from tests.fault_server import FaultServer
from tests.fault_server.net import nobody_listens


def test_the_body_has_the_documented_order() -> None:
    body = build_body(prompt="a boat", model="sora-2", max_tokens=1000, stream=True, extra={"seconds": 8})
    assert list(body) == ["model", "max_tokens", "messages", "stream", "seconds"]
    assert body["messages"] == [{"role": "user", "content": "a boat"}]


def test_extra_fields_never_replace_prompt_model_or_stream() -> None:
    extra = {"messages": [], "stream": False, "model": "dear", "max_tokens": 5, "size": "720x1280"}
    body = build_body(prompt="a boat", model="sora-2", max_tokens=1000, stream=True, extra=extra)
    assert body == {
        "model": "sora-2",
        "max_tokens": 5,
        "messages": [{"role": "user", "content": "a boat"}],
        "stream": True,
        "size": "720x1280",
    }


def test_no_limit_leaves_max_tokens_out() -> None:
    assert "max_tokens" not in build_body(prompt="x", model="m", max_tokens=None, stream=False)


@pytest.mark.parametrize(("text", "token"), [(" abc-123\n", "abc-123"), ("", None), (None, None), ("  ", None)])
def test_a_token_is_stripped(text: str | None, token: str | None) -> None:
    assert check_token(text) == token


@pytest.mark.parametrize("text", ["two words", "a\nb", "a\tb", "密钥-12345", "a\x7fb", "a\u00a0b"])
def test_a_token_that_no_header_can_carry_is_refused(text: str) -> None:
    with pytest.raises(EndpointSettingsError) as caught:
        check_token(text)
    assert caught.value.code == "token_invalid"


def test_models_are_listed_once_each_without_a_post() -> None:
    with FaultServer(models=["b", "a", "b", 5, "", "x" * 300, "line\nend"]) as server:
        assert list_models(server.base_url, "token-12345") == ["b", "a"]
        assert server.posts == 0
        assert server.requests[0].headers["authorization"] == "Bearer token-12345"


@pytest.mark.parametrize("answer", [b"5", b"null", b'"x"', b"{}", b'{"data":{}}', b'{"data":[null,[],{"id":5}]}'])
def test_a_list_of_another_shape_is_empty(answer: bytes) -> None:
    with FaultServer() as server:
        server.files["/v1/models"] = ("application/json", answer)
        assert list_models(server.base_url, None) == []


def test_a_look_tells_the_models_and_whether_ours_is_there() -> None:
    with FaultServer() as server:
        found = test_endpoint(server.base_url, "token-12345", "sora-2")
        other = test_endpoint(server.base_url, "token-12345", "veo-9")
        assert server.posts == 0
    assert (found.ok, found.code, found.models, found.http_status) == (True, None, ("sora-2", "sora-2-pro"), 200)
    assert (other.ok, other.code) == (True, "model_unlisted")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("404 Not Found", "models_unlisted"),
        ("405 Method Not Allowed", "models_unlisted"),
        ("401 Unauthorized", "auth"),
        ("402 Payment Required", "insufficient_quota"),
        ("429 Too Many Requests", "rate_limited"),
        ("503 Unavailable", "gateway"),
    ],
)
def test_a_look_that_is_refused_says_why(status: str, code: str) -> None:
    with FaultServer(models_status=status) as server:
        result = test_endpoint(server.base_url, "token-12345", "sora-2")
        assert server.posts == 0
    assert (result.ok, result.code, result.http_status) == (False, code, int(status[:3]))


def test_a_look_never_raises() -> None:
    assert test_endpoint("ftp://x", None, "m").code == "base_url_invalid"
    assert test_endpoint("https://example.invalid", "a b", "m").code == "token_invalid"
    with nobody_listens() as base_url:
        assert test_endpoint(base_url, None, "m").code == "not_sent"
