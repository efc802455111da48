"""Person B asks for every id of person A, through every route, export and WebSocket, and gets nothing.

Over a real server, with a real sign-in. The pages are looked at in tests/people/test_journey.py, in a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from starlette.routing import BaseRoute, Route
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from pages.shared.web.routes import ROUTES
from services.people.people import Person, Role
from services.runtime import ForPerson
from tests.people.team import ANN, BOB, Team, Visitor
from tests.pictures.paint import painted
from tests.waiting import wait_until

CANARY = "zephyrlantern"
OPEN = {"/healthz", "/readyz", "/app/static/sample/{name}"}  # nobody's: they know no person
SENT = {"POST": b'{"favourite": true, "verdict": "keep"}', "PUT": b"theirs", "GET": None}


class Told(NamedTuple):
    """Everything of Ann's that has a name, and Bob, who is let in."""

    ids: dict[str, str]
    ann: Visitor
    bob: Visitor
    team: Team


@pytest.fixture(scope="module")
def told(team: Team) -> Iterator[Told]:
    """Ann makes one of each; Bob is let in as a member."""
    ann, bob = team.visitor(ANN), team.visitor(BOB)
    house = team.house()
    people = house.people
    her = _administrator(team)
    people.set_role(her, team.id_of(BOB), Role.MEMBER)
    ids = everything(house.for_person(her.space))
    wait_until(lambda: bob.ask("GET", "/api/takeaway?q=nothing").status_code == 404)  # 403: not yet let in
    yield Told(ids, ann, bob, team)
    house.close()


def ended(socket: ClientConnection) -> ConnectionClosed:
    """Read until the other side closes; return how it did."""
    try:
        while True:
            socket.recv(timeout=120)
    except ConnectionClosed as closed:
        return closed


def _administrator(team: Team) -> Person:
    return Person(team.id_of(ANN), "local", "ann@team.example", "Ann", Role.ADMINISTRATOR)


def everything(ann: ForPerson) -> dict[str, str]:
    """Make one of each thing that has an id, every text of it with the canary."""
    sent = ann.generations.submit(f"A {CANARY} over the bay [fast]", nonce=os.urandom(8).hex(), collection=CANARY)

    def settled() -> bool:
        return [video.state for video in ann.generations.get(sent.id).videos] == ["kept"]

    wait_until(settled)
    ann.marks.note(sent.id, CANARY)
    ann.marks.set_tags(sent.id, [CANARY])
    ann.saved_searches.save(CANARY, f"q={CANARY}")
    ann.drafts.save(f"{CANARY} half a sentence")
    endpoint = ann.endpoints.save(None, name=CANARY, base_url="https://api.example.com", token=CANARY * 2, model="m")
    running = ann.generations.submit(f"A {CANARY} that lasts [silent]", nonce=os.urandom(8).hex())
    picture = ann.pictures.take_in(painted((64, 48)))
    return {
        "generation": sent.id,
        "running": running.id,
        "video": ann.generations.get(sent.id).videos[0].id,
        "endpoint": endpoint.id,
        "collection": ann.marks.collections()[0].id,
        "search": ann.saved_searches.all()[0].id,
        "picture": picture.sha256,
    }


def ours() -> list[tuple[str, str]]:
    """Every route of ours with each method it takes."""
    found: list[tuple[str, str]] = []
    for route in ROUTES:
        if isinstance(route, Route) and route.path not in OPEN:
            found += [(method, route.path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return found


def paths(path: str, ids: dict[str, str]) -> list[str]:
    """The route with each id in its place, and in every parameter that a route of ours reads."""
    named = [path.replace("{id}", id).replace("{name}", "create") for id in ids.values()]
    asked = [f"?ids={','.join(ids.values())}", f"?search={ids['search']}", f"?collection={ids['collection']}", "?at=1"]
    return [*dict.fromkeys(named), *(named[0] + more for more in [*asked, f"?q={CANARY}"])]


def test_every_route_of_ours_is_asked(told: Told) -> None:
    assert len(ours()) >= 13
    assert all(isinstance(route, BaseRoute) for route in ROUTES)


def test_another_person_gets_nothing_by_any_route(told: Told) -> None:
    got = []
    for method, path in ours():
        for address in paths(path, told.ids):
            answer = told.bob.ask(method, address, SENT[method])
            if CANARY.encode() in answer.content or (answer.status_code < 400 and "{id}" in path):
                got.append((method, address, answer.status_code))

    assert got == []


def test_nobody_who_is_not_signed_in_gets_anything_by_any_route(told: Told) -> None:
    stranger = told.team.visitor()
    answers = {
        (method, address, stranger.ask(method, address, SENT[method]).status_code)
        for method, path in ours()
        for address in paths(path, told.ids)
    }

    assert [one for one in answers if one[2] < 400 and not one[1].startswith("/metrics")] == []


def test_nothing_of_hers_was_changed_by_all_that(told: Told) -> None:
    house = told.team.house()
    try:
        hers = house.for_person("local")
        kept = hers.generations.get(told.ids["generation"])
        assert (kept.favourite, kept.rating) == (False, None)
        assert hers.drafts.load() == f"{CANARY} half a sentence"
    finally:
        house.close()


def test_she_herself_gets_all_of_it(told: Told) -> None:
    """Or the tests above would prove nothing."""
    for kind in ("media", "poster", "sheet"):
        assert told.ann.ask("GET", f"/app/static/{kind}/{told.ids['video']}").status_code == 200, kind
    assert told.ann.ask("GET", f"/app/static/picture/{told.ids['picture']}").status_code == 200
    assert told.ann.ask("GET", f"/api/takeaway?ids={told.ids['generation']}").status_code == 200
    with told.ann.listen(f"/api/generations/{told.ids['generation']}/live") as socket:
        assert '"done":1' in list(socket)[-1]


@pytest.mark.parametrize("which", ["generation", "running"])
def test_nobody_else_listens_to_her_answers(told: Told, which: str) -> None:
    for visitor in (told.bob, told.team.visitor()):
        with pytest.raises(InvalidStatus) as refused:
            visitor.listen(f"/api/generations/{told.ids[which]}/live").close()
        assert refused.value.response.status_code == 403


def test_strangers_have_no_line_for_a_tab(told: Told) -> None:
    with pytest.raises(InvalidStatus) as refused:
        told.team.visitor().listen("/api/tabs/hers/live").close()

    assert refused.value.response.status_code == 403


def test_a_cookie_made_by_somebody_else_is_no_cookie(told: Told) -> None:
    forged = Visitor(told.team.address)
    for name, value in told.ann.session.cookies.items():
        spoilt = value[:-3] + ("AAA" if not value.endswith("AAA") else "BBB")
        forged.session.cookies.set(name, spoilt, domain="127.0.0.1", path="/")

    assert forged.ask("GET", f"/app/static/media/{told.ids['video']}").status_code == 404


def test_what_she_shares_everybody_sees_until_she_stops(told: Told) -> None:
    house = told.team.house()
    try:
        sharing = house.for_person("local").sharing
        sharing.share(told.ids["collection"])
        seen = told.bob.ask("GET", f"/app/static/media/{told.ids['video']}").status_code
        by_strangers = told.team.visitor().ask("GET", f"/app/static/media/{told.ids['video']}").status_code
        theirs = house.for_person(told.team.id_of(BOB)).sharing
        shown = [(one.of, one.count) for one in theirs.collections()]
        prompts = [film.prompt for film in theirs.films(told.ids["collection"])]
        theirs.unshare(told.ids["collection"])  # not his to take back
        still = len(theirs.collections())
        sharing.unshare(told.ids["collection"])
    finally:
        house.close()

    assert (seen, by_strangers) == (200, 404)
    assert shown == [("Ann", 1)]
    assert prompts == [f"A {CANARY} over the bay [fast]"]
    assert still == 1
    assert told.bob.ask("GET", f"/app/static/media/{told.ids['video']}").status_code == 404


def test_the_audit_is_for_administrators(told: Told) -> None:
    assert told.bob.ask("GET", "/api/audit.csv").status_code == 403

    answer = told.ann.ask("GET", "/api/audit.csv")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.status_code == 200
    assert lines[0] == "time,who,email,action,id"
    assert f",{told.team.id_of(ANN)},ann@team.example,role_member,{told.team.id_of(BOB)}" in answer.text
    assert CANARY not in answer.text


def test_a_viewer_changes_nothing_by_any_route(told: Told) -> None:
    house, ann = told.team.house(), _administrator(told.team)
    house.people.set_role(ann, told.team.id_of(BOB), Role.VIEWER)
    try:
        wait_until(lambda: told.bob.ask("PUT", "/api/drafts/create", b"x").status_code == 403)
        viewer = next(one.person for one in house.people.all(ann) if one.person.id == told.team.id_of(BOB))
        with pytest.raises(Exception, match="a viewer changes nothing"):
            house.for_person(viewer.space, viewer).generations.submit("A boat", nonce="n")
        statuses = {told.bob.ask(method, paths(path, told.ids)[0], SENT[method]).status_code
                    for method, path in ours() if method != "GET"}  # fmt: skip
    finally:
        house.people.set_role(ann, told.team.id_of(BOB), Role.MEMBER)
        house.close()

    assert statuses == {403}


def test_signing_out_ends_the_open_socket_and_every_copy_of_the_cookie(told: Told) -> None:
    house = told.team.house()
    hers = house.for_person("local").generations
    hers.pause()  # it waits, and its viewers with it
    sent = hers.submit(f"A {CANARY} at night", nonce=os.urandom(8).hex())
    other = told.team.visitor(ANN)
    copy = Visitor(told.team.address)
    copy.session.cookies.update(other.session.cookies)
    try:
        with other.listen(f"/api/generations/{sent.id}/live") as socket, other.listen("/api/tabs/hers/live") as line:
            socket.recv(timeout=120)
            out = other.ask("GET", "/auth/logout")
            closed = [ended(one).rcvd for one in (socket, line)]
    finally:
        hers.cancel_all_waiting()
        hers.resume()
        house.close()

    assert out.status_code == 302
    assert [frame.code for frame in closed if frame is not None] == [1008, 1008]
    assert copy.ask("GET", f"/app/static/media/{told.ids['video']}").status_code == 404
    assert told.ann.ask("GET", f"/app/static/media/{told.ids['video']}").status_code == 200, "her other browser stays"
