"""Faults of the download: the stream says the link, the application fetches, the answer itself stays done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pytest

from db.states import VideoState
from services.errors import AddressRefusedError, StateError
from services.generations import Generation
from services.media.fetch import FetchPolicy, fetch
from tests.fault_server import FaultServer
from tests.faults.dials import heard, resolving
from tests.faults.house import House
from tests.faults.means import small_disk
from tests.faults.plan import FAULTS, Fault
from tests.faults.results import Result, judged
from tests.faults.shed import in_house, shed
from tests.media import host as hosts
from tests.media.host import Call, Host, Scenario
from tests.media.test_address import HOSTILE, NAMES, PUBLIC, Dials, answers
from tests.waiting import wait_until

SIGNATURE = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
Make: TypeAlias = Callable[[House], Scenario]

MISBEHAVING: dict[str, tuple[Make, str]] = {
    "video-404": (lambda house: hosts.refusing("404 Not Found"), "video_link_gone"),
    "video-403-expired": (lambda house: hosts.refusing("403 Forbidden"), "video_link_expired"),
    "video-slow-1-byte-per-100ms": (lambda house: hosts.dripping(house.film, 0.1), "video_timeout"),
    "video-stall": (lambda house: hosts.claiming(9000, house.film[:700], stalls=True), "video_timeout"),
    "video-truncated": (lambda house: hosts.claiming(len(house.film), house.film[:-50]), "video_cut_short"),
    "video-html-200": (lambda house: hosts.serving(b"<h1>log in</h1>", kind="text/html"), "video_not_a_video"),
    "video-html-labelled-mp4": (lambda house: hosts.serving(b"<h1>log in</h1>" * 99), "video_not_a_video"),
    "video-declared-10TB": (lambda house: hosts.claiming(10**13, house.film), "video_too_large"),
    "video-never-ending": (lambda house: hosts.endless(SIGNATURE), "video_too_large"),
    "video-gzip-coded": (lambda house: hosts.serving(house.film, "Content-Encoding: gzip"), "video_coded"),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a link, and the moment its video was kept or had failed once."""

    generation: Generation
    server: FaultServer


@pytest.fixture(scope="module")
def answering(house: House) -> Iterator[Callable[[str, str], Fetched]]:
    """Have an endpoint answer with a text, and see what becomes of the link in it."""
    with ExitStack() as stack:

        def answer(name: str, text: str) -> Fetched:
            server = stack.enter_context(FaultServer(text=text))
            return Fetched(house.submit(name, server.base_url), server)

        yield answer


@pytest.fixture(scope="module")
def fetched(house: House, answering: Callable[[str, str], Fetched]) -> dict[str, Fetched]:
    """Every misbehaving host at once."""
    begun = {
        id: answering(id, said(house.host.url(f"/{id}.mp4", make(house)))) for id, (make, _) in MISBEHAVING.items()
    }
    return {id: replace(one, generation=house.ended(one.generation)) for id, one in begun.items()}


def said(link: str) -> str:
    """Return an answer as an endpoint writes it."""
    return f"✅ 一只纸船\n\n[▶️ 观看]({link})\n"


def without_video(house: House, id: str, one: Fetched) -> Result:
    """Return the result of an answer whose video could not be had."""
    kept = any(video.state is VideoState.KEPT for video in one.generation.videos)
    return house.result(id, one.generation, one.server, f"{one.generation.state}; video {'kept' if kept else 'none'}")


def files(house: House, generation: Generation) -> list[str]:
    """Return the names of what lies in the store for a generation, or was begun."""
    ids = {video.id for video in generation.videos}
    return [path.name for path in (house.home / "media").rglob("*.*") if path.name.split(".")[0] in ids]


@pytest.mark.parametrize("fault", [FAULTS[id] for id in MISBEHAVING], ids=lambda fault: fault.id)
def test_a_host_that_misbehaves_costs_the_video_and_nothing_else(
    fault: Fault, fetched: dict[str, Fetched], house: House
) -> None:
    one = fetched[fault.id]
    judged(without_video(house, fault.id, one))
    (video,) = one.generation.videos
    assert (video.state, video.error_code) == (VideoState.FAILED, MISBEHAVING[fault.id][1])
    assert video.source_url == f"{house.host.base_url}/{fault.id}.mp4"
    assert [name for name in files(house, one.generation) if not name.endswith((".part", ".part.json"))] == []


def test_a_link_that_leads_in_circles_is_left_after_five(
    house: House, answering: Callable[[str, str], Fetched]
) -> None:
    link = house.host.url("/circle.mp4", hosts.redirecting("/circle.mp4"))
    one = answering("video-redirect-loop", said(link))
    one = replace(one, generation=house.ended(one.generation))
    judged(without_video(house, "video-redirect-loop", one))
    assert [seen.target for seen in house.host.requests].count("/circle.mp4") == 6


def test_a_redirect_to_this_machine_reaches_nobody(house: House, answering: Callable[[str, str], Fetched]) -> None:
    with Host().running() as inner:
        target = inner.url("/secret.mp4", hosts.serving(house.film))
        one = answering("video-redirect-inside", said(house.host.url("/out.mp4", hosts.redirecting(target))))
        one = replace(one, generation=house.ended(one.generation))
        judged(without_video(house, "video-redirect-to-127.0.0.1", one))
        assert inner.connections == 0
    assert one.generation.videos[0].error_code == "video_address_refused"


def test_a_name_that_turns_to_this_machine_reaches_nobody(
    house: House, answering: Callable[[str, str], Fetched], tmp_path: Path
) -> None:
    """The endpoint saw a public address, we are told a private one: refused. Told both in turn: only the checked."""
    with heard() as dials, resolving({"rebind.example": ["127.0.0.1"]}) as asked:
        one = answering("video-rebinding", said("http://rebind.example:8080/v.mp4"))
        one = replace(one, generation=house.ended(one.generation))
    judged(without_video(house, "video-dns-rebinding", one))
    assert one.generation.videos[0].error_code == "video_address_refused"
    assert asked == ["rebind.example"]
    assert not [port for _, port in dials if port == 8080]

    turns = iter([PUBLIC, "127.0.0.1"])
    dialled = Dials(house.host)
    house.host.paths["/turn.mp4"] = hosts.redirecting("/turn.mp4?again")
    with pytest.raises(AddressRefusedError):
        fetch(
            "http://rebind.example/turn.mp4",
            destination_folder=tmp_path,
            name="v1",
            policy=FetchPolicy(resolver=lambda name, port: [(2, next(turns))], dialer=dialled),
        )
    assert dialled.addresses == [PUBLIC]


def test_41_spellings_of_private_addresses_are_never_dialled(
    house: House, answering: Callable[[str, str], Fetched], tmp_path: Path
) -> None:
    """What the reader takes for a link is fetched by the application; what it does not, by the fetcher itself."""
    text = "\n\n".join(f"<video src='{link}'></video>" for link in HOSTILE)
    with heard() as dials, resolving(NAMES):
        one = answering("video-private", text)
        one = replace(one, generation=house.ended(one.generation))
    judged(without_video(house, "video-private-addresses-41-spellings", one))
    tried = {video.source_url for video in one.generation.videos}
    assert len(tried) >= 35
    assert {video.error_code for video in one.generation.videos} == {"video_address_refused"}
    assert {port for _, port in dials} <= {one.server.port, house.host.port}
    inner = Dials()
    for link in set(HOSTILE) - tried:
        with pytest.raises(AddressRefusedError):
            fetch(link, destination_folder=tmp_path, name="v", policy=FetchPolicy(resolver=answers, dialer=inner))
    assert inner.addresses == []


def test_links_that_are_no_web_links_are_left_alone(house: House, answering: Callable[[str, str], Fetched]) -> None:
    links = [
        "file:///etc/passwd.mp4",
        "ftp://127.0.0.1/v.mp4",
        "data:video/mp4;base64,AAAAGGZ0eXBpc29t",
        "gopher://127.0.0.1/v.mp4",
    ]
    with heard() as dials:
        one = answering(
            "video-schemes", "\n\n".join(f"[▶️ 观看]({link}) <video src='{link}'></video>" for link in links)
        )
        one = replace(one, generation=house.ended(one.generation))
    judged(without_video(house, "video-file-ftp-data-gopher", one))
    assert {port for _, port in dials} <= {one.server.port, house.host.port}
    assert all(link in one.generation.content for link in links), "the links stay"


def test_two_tabs_that_fetch_again_are_one_download(house: House, answering: Callable[[str, str], Fetched]) -> None:
    link = house.host.url("/twice.mp4", hosts.refusing("404 Not Found"))
    one = answering("video-two-tabs-fetch", said(link))
    (video,) = house.ended(one.generation).videos
    go = threading.Event()

    def slowly(call: Call) -> None:
        go.wait(120)
        hosts.serving(house.film)(call)

    house.host.url("/twice.mp4", slowly)
    refused: list[str] = []

    def click() -> None:
        try:
            house.me.generations.fetch_again(video.id)
        except StateError as error:
            refused.append(error.code)

    tabs = [threading.Thread(target=click) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    wait_until(lambda: [seen.target for seen in house.host.requests].count("/twice.mp4") == 2)
    click()
    go.set()
    wait_until(lambda: house.me.generations.get(one.generation.id).videos[0].state is VideoState.KEPT)
    judged(house.result("video-two-tabs-fetch", house.ended(one.generation), one.server))
    assert refused == ["wrong_state"] * 2
    assert [seen.target for seen in house.host.requests].count("/twice.mp4") == 2


def test_a_file_is_named_by_its_id_alone(house: House, answering: Callable[[str, str], Fetched]) -> None:
    named = ('Content-Disposition: attachment; filename="../../../escaped.mp4"',)
    path = "/..%2f..%2f..%2fescaped.mp4"
    one = answering("video-name-traversal", said(house.host.url(path, hosts.serving(house.film, *named))))
    generation = house.ended(one.generation)
    judged(house.result("video-name-traversal", generation, one.server))
    (video,) = generation.videos
    assert sorted(files(house, generation)) == [f"{video.id}.jpg", f"{video.id}.mp4"]
    assert list(house.home.parent.rglob("*escaped*")) == []


def test_a_full_disk_costs_the_video_and_leaves_no_part(house: House, tmp_path: Path) -> None:
    link = house.host.url("/full.mp4", hosts.unmeasured(SIGNATURE + bytes(3_000_000)))
    allowed = f"127.0.0.1:{house.host.port}"
    with FaultServer(text=said(link)) as server, shed(tmp_path, server, media_allow=allowed) as made:
        made.home.mkdir()
        with small_disk(made.home / "media", 1):
            runtime = made.look()
            me = runtime.for_person("local")
            sent = me.generations.submit("a film too large for its disk", nonce="n", worker=runtime.worker)
            runtime.execute(sent.id)
            told = me.generations.get(sent.id)
            judged(in_house(house, me).result("video-disk-full", told, server, f"{told.state}; video none"))
            assert told.videos[0].error_code == "video_no_room"
            assert [path for path in (made.home / "media").rglob("*") if path.is_file()] == []
