"""Links that lead elsewhere: each hop is checked, and the token goes to nobody it is not for."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.errors import AddressRefusedError, LinkGoneError
from tests.media.bringing import VIDEO, bring, failure, names
from tests.media.conftest import MakePolicy
from tests.media.host import Call, Host, endless, redirecting, serving


def _chain(host: Host, redirects: int) -> str:
    host.paths["/0"] = serving(VIDEO)
    for number in range(1, redirects + 1):
        host.paths[f"/{number}"] = redirecting(f"/{number - 1}")
    return f"{host.base_url}/{redirects}"


def test_five_redirects_are_followed(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert bring(_chain(host, 5), tmp_path, policy()).size_bytes == len(VIDEO)


def test_the_sixth_is_not(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    error = failure(_chain(host, 6), tmp_path, policy())
    assert (type(error), error.code) == (LinkGoneError, "video_redirects")
    assert len(host.requests) == 6
    assert names(tmp_path) == []


def test_a_redirect_loop_ends(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert failure(host.url("/v", redirecting("/v")), tmp_path, policy()).code == "video_redirects"
    assert len(host.requests) == 6


@pytest.mark.parametrize("location", ["next", "?v=next", "/next", "//{netloc}/next", "http://{netloc}/next"])
def test_a_redirect_may_be_written_in_any_way(location: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths["/next"] = host.paths["/start"] = serving(VIDEO)

    def answer(call: Call) -> None:
        go = redirecting(location.format(netloc=f"127.0.0.1:{host.port}"))
        (go if call.seen.target == "/start" else serving(VIDEO))(call)

    assert bring(host.url("/start", answer), tmp_path, policy()).size_bytes == len(VIDEO)
    assert len(host.requests) == 2


def test_the_body_of_a_redirect_is_never_read(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths["/v"] = serving(VIDEO)
    url = host.url("/bomb", endless(b"", "Location: /v", "Content-Encoding: gzip", status="302 Found"))
    assert bring(url, tmp_path, policy()).size_bytes == len(VIDEO)
    assert host.calls[0].sent < 32 * 1024 * 1024  # what the two sockets hold


def test_a_redirect_to_another_port_of_this_machine_reaches_nothing(
    host: Host, other: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    for url in (f"{other.base_url}/secret", f"http://localhost:{other.port}/", f"http://[::1]:{other.port}/"):
        error = failure(host.url("/v", redirecting(url)), tmp_path, policy())
        assert isinstance(error, AddressRefusedError)
    assert other.connections == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/v", "data:video/mp4,x", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_refused(url: str, host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    assert isinstance(failure(host.url("/v", redirecting(url)), tmp_path, policy()), AddressRefusedError)
    assert len(host.requests) == 1


def test_the_token_goes_to_the_endpoint_and_nowhere_else(
    host: Host, other: Host, policy: MakePolicy, tmp_path: Path
) -> None:
    other.paths["/v"] = serving(VIDEO)
    host.paths["/two"] = redirecting(f"{other.base_url}/v", "Set-Cookie: b=2")
    url = host.url("/one", redirecting("/two", "Set-Cookie: a=1; Path=/"))
    allow = frozenset({("127.0.0.1", other.port)})
    bring(url, tmp_path, policy(trusted_origin=f"{host.base_url}/v1", token="sk-canary", allow=allow))
    assert [seen.headers.get("authorization") for seen in host.requests] == ["Bearer sk-canary"] * 2
    assert "authorization" not in other.requests[0].headers
    assert not any("cookie" in seen.headers for seen in (*host.requests, *other.requests))
    assert "sk-canary" not in repr(policy(token="sk-canary"))


def test_neither_netrc_nor_proxy_from_the_environment_counts(
    host: Host, policy: MakePolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    bring(host.url("/v", serving(VIDEO)), tmp_path / "to", policy())
    assert "authorization" not in host.requests[0].headers


SIGNED = "/a%2Fb%2fc%7Ed/../e;x?sig=%2F%2B%3d&t=a+b~&q=%E6%97%A5&r=[1]|{2}"


def test_a_signed_link_arrives_as_it_was_written(host: Host, policy: MakePolicy, tmp_path: Path) -> None:
    host.paths[SIGNED.partition("?")[0]] = serving(VIDEO)
    host.paths["/go"] = redirecting(SIGNED)
    for url in (host.base_url + SIGNED, f"{host.base_url}/go"):
        bring(url, tmp_path, policy())
    assert [seen.target for seen in host.requests] == [SIGNED, "/go", SIGNED]
    assert host.requests[0].headers["accept-encoding"] == "identity"
    assert host.requests[0].headers["host"] == f"127.0.0.1:{host.port}"
