"""Where links may lead. Names are answered by the test, numbers by the system: so it reads them as the dialler does."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from services.errors import AddressRefusedError, MediaError
from services.media.address import AddressRules, Answer, dialable, is_public, origin_of, parse_link
from services.media.connection import dial
from services.media.deadline import Watch
from services.media.fetch import FetchPolicy, fetch
from tests.media.films import shell
from tests.media.host import Host, redirecting, serving

PUBLIC = "93.184.216.34"
NAMES = {
    "video.example": [PUBLIC],
    "inner.example": ["10.0.0.5"],
    "half.example": [PUBLIC, "127.0.0.1"],
    "six.example": ["::ffff:192.168.0.1"],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
}
HOSTILE = [
    "http://127.0.0.1/v.mp4",
    "http://127.1/v.mp4",
    "http://2130706433/v.mp4",
    "http://0x7f000001/v.mp4",
    "http://0x7f.0.0.1/v.mp4",
    "http://017700000001/v.mp4",
    "http://0177.0.0.1/v.mp4",
    "http://0/v.mp4",
    "http://0.0.0.0/v.mp4",
    "http://①②⑦.⓪.⓪.①/v.mp4",
    "http://127。0。0。1/v.mp4",
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/v.mp4",
    "http://[::1]/v.mp4",
    "http://[::]/v.mp4",
    "http://[::ffff:127.0.0.1]/v.mp4",
    "http://[::ffff:7f00:1]/v.mp4",
    "http://[::127.0.0.1]/v.mp4",
    "http://[64:ff9b::7f00:1]/v.mp4",
    "http://[64:ff9b::10.0.0.1]/v.mp4",
    "http://[2002:7f00:1::]/v.mp4",
    "http://[2001:0:7f00:1::1]/v.mp4",
    "http://[fe80::1]/v.mp4",
    "http://[fe80::1%25lo]/v.mp4",
    "http://[fd00::1]/v.mp4",
    "http://[fec0::1]/v.mp4",
    "http://[ff02::1]/v.mp4",
    "http://10.0.0.1/v.mp4",
    "http://172.16.0.1/v.mp4",
    "http://192.168.0.1/v.mp4",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/v.mp4",
    "http://198.18.0.1/v.mp4",
    "http://240.0.0.1/v.mp4",
    "http://localhost/v.mp4",
    "http://LOCALHOST./v.mp4",
    "http://inner.example/v.mp4",
    "http://half.example/v.mp4",
    "http://six.example/v.mp4",
    "http://video.example@127.0.0.1/v.mp4",
    "http://127.0.0.1\\@video.example/v.mp4",
    "http://video.example:22/v.mp4",
]


def answers(host: str, port: int) -> list[Answer]:
    """Know a few names; read any number as the system reads it."""
    if host in NAMES:
        return [(socket.AF_INET6 if ":" in found else socket.AF_INET, found) for found in NAMES[host]]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [(int(family), str(address[0])) for family, _, _, _, address in found]


class Dials:
    """Notes each dial; leads to a host of ours, if there is one, wherever the dial was meant to go."""

    def __init__(self, to: Host | None = None) -> None:
        self.addresses: list[str] = []
        self._to = to

    def __call__(self, answer: Answer, port: int, connect_seconds: float, watch: Watch) -> socket.socket:
        self.addresses.append(answer[1])
        if self._to is None:
            raise ConnectionRefusedError
        return dial((socket.AF_INET, "127.0.0.1"), self._to.port, connect_seconds, watch)


def attempt(url: str, folder: Path, dials: Dials, resolver: Callable[[str, int], list[Answer]] = answers) -> None:
    fetch(url, destination_folder=folder, name="v1", policy=FetchPolicy(resolver=resolver, dialer=dials))


def test_there_are_41_hostile_spellings() -> None:
    assert len(set(HOSTILE)) == 41


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_spelling_is_refused_before_any_dial(url: str, tmp_path: Path) -> None:
    dials = Dials()
    with pytest.raises(AddressRefusedError):
        attempt(url, tmp_path, dials)
    assert dials.addresses == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_spelling_is_refused_as_a_redirect_too(url: str, tmp_path: Path, host: Host) -> None:
    host.paths["/start"] = redirecting(url)
    dials = Dials(host)
    with pytest.raises(AddressRefusedError):
        attempt("http://video.example/start", tmp_path, dials)
    assert dials.addresses == [PUBLIC]
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://video.example/v.mp4",
        "data:video/mp4;base64,AAAA",
        "gopher://video.example/1",
        "javascript:alert(1)",
        "http:/127.0.0.1/v.mp4",
        "http:video.example",
        "//video.example/v.mp4",
        "http://",
        "http:///v.mp4",
        "http://?v.mp4",
        "http://:80/v.mp4",
        "http://video.example:0/v.mp4",
        "http://video.example:99999/v.mp4",
        "http://video.example:8_0/v.mp4",
        "http://video.example:6379/v.mp4",
        "http://:secret@video.example/v.mp4",
        "http://@video.example/v.mp4",
        "http://video.example%2f.evil/v.mp4",
        "http://video.example/a b.mp4",
        " http://video.example/v.mp4",
        "http://video.example/v.mp4\n",
        "http://video.example/\r\nX: y",
        "http://video.example/\0",
        "http://video.example/\u202egpm.4v",
        "http://vid\teo.example/v.mp4",
        "http://[::1/v.mp4",
        "http://video.example/" + "a" * 4096,
        "",
    ],
)
def test_what_is_no_plain_web_link_is_refused_before_any_dial(url: str, tmp_path: Path) -> None:
    dials = Dials()
    with pytest.raises(AddressRefusedError):
        attempt(url, tmp_path, dials)
    assert dials.addresses == []


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(tmp_path: Path, host: Host) -> None:
    host.paths["/v.mp4"] = serving(shell())
    asked = []

    def rebinding(name: str, port: int) -> list[Answer]:
        asked.append(name)
        return [(socket.AF_INET, PUBLIC if len(asked) == 1 else "127.0.0.1")]

    dials = Dials(host)
    attempt("http://video.example/v.mp4", tmp_path, dials, rebinding)
    assert dials.addresses == [PUBLIC]
    assert asked == ["video.example"]


def test_a_name_that_changes_its_mind_between_redirects_is_refused(tmp_path: Path, host: Host) -> None:
    host.paths["/v.mp4"] = redirecting("/v.mp4?again")
    asked = []

    def rebinding(name: str, port: int) -> list[Answer]:
        asked.append(name)
        return [(socket.AF_INET, PUBLIC if len(asked) == 1 else "127.0.0.1")]

    dials = Dials(host)
    with pytest.raises(AddressRefusedError):
        attempt("http://video.example/v.mp4", tmp_path, dials, rebinding)
    assert dials.addresses == [PUBLIC]
    assert len(host.requests) == 1


def test_each_checked_address_is_tried_until_one_answers(tmp_path: Path, host: Host) -> None:
    host.paths["/v.mp4"] = serving(shell())
    tried = []

    def second_only(answer: Answer, port: int, connect_seconds: float, watch: Watch) -> socket.socket:
        tried.append(answer[1])
        if len(tried) == 1:
            raise ConnectionRefusedError
        return dial((socket.AF_INET, "127.0.0.1"), host.port, connect_seconds, watch)

    found: list[Answer] = [(socket.AF_INET, PUBLIC), (socket.AF_INET, "93.184.216.35")]
    policy = FetchPolicy(
        resolver=lambda name, port: [(int(family), text) for family, text in found], dialer=second_only
    )
    fetch("http://video.example/v.mp4", destination_folder=tmp_path, name="v1", policy=policy)
    assert tried == [PUBLIC, "93.184.216.35"]


def test_an_unknown_name_is_unreachable_not_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        fetch("http://nowhere.invalid/v.mp4", destination_folder=tmp_path, name="v1", policy=FetchPolicy())
    assert caught.value.code == "video_unreachable"
    assert caught.value.retry


def test_a_host_without_addresses_is_unreachable() -> None:
    with pytest.raises(MediaError) as caught:
        dialable(parse_link("http://video.example/"), AddressRules(), lambda host, port: [])
    assert caught.value.code == "video_unreachable"


def test_video_hosts_only_ever_restrict() -> None:
    rules = AddressRules(video_hosts=("cdn.example", ".inner.example"), trusted=("http", "api.example", 80))

    def refused(url: str) -> bool:
        try:
            dialable(parse_link(url), rules, lambda host, port: [(2, "10.0.0.1" if "inner" in host else PUBLIC)])
        except AddressRefusedError:
            return True
        return False

    assert not refused("https://cdn.example/v.mp4")
    assert refused("https://a.cdn.example/v.mp4")
    assert refused("https://evilcdn.example/v.mp4")
    assert refused("https://a.inner.example/v.mp4")  # its address is private all the same
    assert refused("http://api.example/v.mp4")


def test_only_the_exact_origin_is_trusted() -> None:
    rules = AddressRules(trusted=origin_of("http://LocalHost:9000/v1"))
    assert dialable(parse_link("http://localhost:9000/v.mp4"), rules, answers)
    for url in ("http://localhost:9001/", "https://localhost:9000/", "http://127.0.0.1:9000/"):
        with pytest.raises(AddressRefusedError):
            dialable(parse_link(url), rules, answers)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "video.example", "192.88.99.1", "192.0.0.8", "::ffff:0:7f00:1", "2001:db8::1"])
def test_the_rest_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h.example", "/"),
        ("http://h.example?a=%2F", "/?a=%2F"),
        ("http://h.example/a%2fb%2Bc/../d?s=%7E~&x=a+b%20c#part", "/a%2fb%2Bc/../d?s=%7E~&x=a+b%20c"),
        ("http://h.example/日.mp4", "/%E6%97%A5.mp4"),
    ],
)
def test_the_target_keeps_its_spelling(url: str, target: str) -> None:
    assert parse_link(url).target == target
