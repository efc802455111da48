"""A server with an endpoint that echoes, and what is stored of each prompt: what a browser is put in front of."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass

from db.states import State
from services.generations import Generation
from services.runtime import ForPerson
from tests.fault_server import Call
from tests.fault_server.streams import USAGE
from tests.faults.shed import Shed, settled
from tests.waiting import wait_until


class Relay:
    """A scenario that echoes the words of each prompt, and stops half way while it is held."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()

    def __call__(self, call: Call) -> None:
        prompt = prompt_of(call.request.body)
        call.head()
        for part in ("You asked: ", prompt[:200], ". "):
            call.delta(part)
        if "[slow]" in prompt:
            self.go.wait(180)
        for number in range(20):
            call.delta(f"word {number} ")
        call.finish(usage=USAGE)


def prompt_of(body: bytes) -> str:
    return str(json.loads(body)["messages"][0]["content"])


@dataclass(frozen=True, slots=True)
class Site:
    """A server with its endpoint, and a view of its data from here."""

    made: Shed
    relay: Relay
    url: str
    me: ForPerson

    def posts(self, prompt: str) -> int:
        """How often a prompt was POSTed."""
        return sum(prompt_of(one.body) == prompt for one in self.made.server.requests if one.method == "POST")

    def of(self, prompt: str) -> list[Generation]:
        """Return the rows of a prompt."""
        return [one for one in self.me.generations.newest(limit=50) if one.prompt == prompt]

    def done(self, prompt: str) -> Generation:
        """Wait for the one row of a prompt to be done, and return it."""
        wait_until(lambda: self.of(prompt))
        (row,) = self.of(prompt)
        ended = settled(self.me, row)
        assert ended.state is State.DONE
        assert ended.content.startswith(f"You asked: {prompt[:200]}. word 0 ")
        assert ended.content.endswith("word 19 ")
        return ended
