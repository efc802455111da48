"""The token of the suite, after all that was done to it: in no file, no table, no log, no export and on no page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.generations import Generation
from services.generations.report import as_report
from tests.fault_server import Call, FaultServer
from tests.fault_server.call import chunk
from tests.faults.canary import TOKEN, hits, hits_in_folder, hits_of
from tests.faults.echoes import ECHOES, HALF
from tests.faults.house import House
from tests.faults.results import FIGURES, report
from tests.faults.shed import killed, settled, shed
from tests.faults.telling import told
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def echoed(house: House) -> Iterator[dict[str, Generation]]:
    """Every echo at once."""
    with ExitStack() as stack:
        sent = {}
        for name, scenario in ECHOES.items():
            server = stack.enter_context(FaultServer(scenario))
            sent[name] = house.submit(f"echo {name}", server.base_url, idle=1.0)
        yield {name: house.ended(generation) for name, generation in sent.items()}


@pytest.mark.parametrize("name", ECHOES)
def test_what_an_endpoint_says_back_is_taken_out(name: str, echoed: dict[str, Generation], house: House) -> None:
    generation = echoed[name]
    screen = told(generation).screen
    assert hits_of(house.me.generations, generation, screen) == 0
    assert hits(generation.content + generation.reasoning) == 0


def test_a_viewer_never_sees_it_come_in_pieces(house: House) -> None:
    """The live text joins the pieces as they come, before any end could clean them."""
    go = threading.Event()

    def play(call: Call) -> None:
        call.head()
        call.deltas(["Your key is ", TOKEN[:HALF], TOKEN[HALF:], " and so on. "])
        for piece in ("It ", TOKEN[:3], TOKEN[3:], " was. "):
            call.event(chunk({"reasoning_content": piece}))
        go.wait(120)
        call.finish()

    with FaultServer(play) as server:
        generation = house.submit("echo live", server.base_url)
        live = house.runtime.live.watch(generation.id)
        wait_until(lambda: "was" in "".join(text for _, text in live.read(0).parts))
        seen = "".join(text for _, text in live.read(0).parts)
        go.set()
        house.ended(generation)
    assert "and so on" in seen
    assert hits(seen) == 0


def test_a_kill_in_the_middle_of_it_leaves_none_of_it(tmp_path: Path) -> None:
    """What a dead worker had kept is joined by the next one, which was not there when it came."""
    with FaultServer(ECHOES["in halves, then cut"]) as server, shed(tmp_path, server) as made:
        me = made.me()
        generation = me.generations.submit("an echo that is killed", nonce="n")
        worker = made.worker()
        wait_until(lambda: "so on" in str(me.generations.raw(generation.id)))
        killed(worker)
        made.worker()
        kept = settled(me, generation)
        assert kept.content.startswith("Your key is ")
        assert kept.content.endswith(" and so on")
        assert hits(kept.content) == 0


def test_it_is_nowhere_after_everything(house: House) -> None:
    found = {
        "files and tables": hits_in_folder(house.home),
        "log": hits(house.log.read_bytes()),
        "reports": sum(hits(json.dumps(as_report(one, lambda video: None))) for one in everything(house)),
        "results": hits(json.dumps(report())),
    }
    FIGURES["canary_hits_at_the_end"] = sum(found.values())
    assert found == dict.fromkeys(found, 0)


def everything(house: House) -> Iterator[Generation]:
    """Go through all that the house has kept."""
    before = None
    while True:
        page = house.me.library.page(before_seq=before, limit=100)
        for item in page.items:
            yield house.me.generations.get(item.id)
        if page.next_seq is None:
            return
        before = page.next_seq
