"""Where the server is killed. Each point is reached by conditions seen from outside, none by a line in the product."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from services.runtime import start
from services.settings import Settings
from tests.crash.ledger import Ledger
from tests.crash.old import ENDED, PIECES, TEXT, make_old
from tests.crash.relay import Relay, Script
from tests.crash.server import CreatePage, Server
from tests.waiting import wait_until

STREAMS = 8  # a person's limit as shipped


@dataclass(kw_only=True)
class Round:
    """One kill: what was sent before it, and the moment it came."""

    number: int
    point: str
    chance: random.Random
    relay: Relay
    server: Server
    ledger: Ledger
    prompts: list[str] = field(default_factory=list)
    draft: str = ""
    before: dict[str, str] = field(default_factory=dict)
    killed_at: float = 0.0

    def prompt(self, name: str, script: Script) -> str:
        """Return a new prompt that the relay answers by this script."""
        words = f"round {self.number} {self.point} {name}"
        self.relay.scripts[words] = script
        return words

    def send(self, scripts: list[Script]) -> None:
        """Send prompts as another process on the same data would, and leave them to the server."""
        settings = Settings(home=self.ledger.home, base_url=self.relay.base_url, undo_seconds=0.0, free_floor_bytes=0)
        runtime = start(settings, executes=False)
        try:
            generations = runtime.for_person("local").generations
            for number, script in enumerate(scripts):
                words = self.prompt(str(number), script)
                generations.submit(words, nonce=words)
                self.prompts.append(words)
        finally:
            runtime.close()

    def scripts(self) -> list[Script]:
        """Return the scripts of what was sent."""
        return [self.relay.scripts[words] for words in self.prompts]

    def wait(self, condition: Callable[[Script], object], seconds: float = 60.0) -> None:
        """Wait until the condition holds for every script."""
        wait_until(lambda: all(condition(script) for script in self.scripts()), seconds=seconds)

    def kill(self) -> None:
        """Kill, remembering which answers were finished."""
        self.before = self.ledger.finished()
        self.killed_at = self.server.kill()

    def saved(self) -> bool:
        """Tell whether all that was sent is stored."""
        kept = self.ledger.kept()
        return all(kept[words].content == self.relay.scripts[words].text for words in self.prompts)


def many(**given: object) -> list[Script]:
    """Return as many scripts as may stream at once."""
    return [Script(**given) for _ in range(STREAMS)]  # type: ignore[arg-type]  # the script's own fields


def before_insert(round: Round) -> None:
    """Someone pressed Generate; the server wants to keep the prompt, and cannot yet. What was typed is the draft."""
    round.draft = round.prompt("typed", Script(deltas=5))
    round.relay.hold()
    round.send(many(deltas=10, hold_done=True))
    round.wait(lambda script: len(script.sent) == 10)
    wait_until(round.saved)
    round.server.type_draft(round.draft)
    with CreatePage(round.server.url) as page, round.ledger.locked():
        page.press("generate")
        time.sleep(round.chance.uniform(0.05, 0.4))  # chance: it may be anywhere on its way to the insert
        round.kill()
        round.ledger.unlock()
        round.server.start()


def after_insert(round: Round) -> None:
    """Eight streams run and the ninth prompt is kept: it waits for its turn."""
    round.send(many(deltas=400))
    round.wait(lambda script: len(script.sent) > 10)
    words = round.prompt("ninth", Script(deltas=20))
    round.server.type_draft(words)
    with CreatePage(round.server.url) as page:
        page.press("generate")
        wait_until(lambda: round.ledger.states([words]))
        round.prompts.append(words)
        round.kill()


def after_sending_mark(round: Round) -> None:
    """All are marked as being sent, and no relay has read a word of them."""
    round.relay.hold(reading=True)
    round.send(many())
    wait_until(lambda: round.ledger.states(round.prompts) == ["sending"] * STREAMS)
    wait_until(lambda: round.relay.unread >= STREAMS)
    round.kill()


def in_headers(round: Round) -> None:
    """The relay has them all and is in the middle of its headers."""
    round.relay.hold()
    round.send(many(hold_headers=True))
    round.wait(lambda script: script.posts == 1)
    time.sleep(round.chance.uniform(0.0, 0.2))
    round.kill()


def mid_stream(round: Round) -> None:
    """Some end just now, the others are in the middle."""
    scripts = many(deltas=400)
    for script in scripts[:3]:
        script.deltas = round.chance.randint(10, 40)
    round.send(scripts)
    round.wait(lambda script: len(script.sent) >= 10)
    time.sleep(round.chance.uniform(0.0, 0.6))
    round.kill()


def after_done(round: Round) -> None:
    """The [DONE] was read, the connection closed, and the final transaction is waiting for the lock."""
    round.relay.hold()
    round.send(many(deltas=15, hold_done=True))
    round.wait(lambda script: len(script.sent) == 15)
    wait_until(round.saved)
    with round.ledger.locked():
        round.relay.done_may_go.set()
        round.wait(lambda script: script.hung_up, seconds=30)
        round.kill()
        round.ledger.unlock()
        round.server.start()


def while_downloading(round: Round) -> None:
    """Two answers named their films and half of each film has come; the other answers stream on."""
    round.relay.hold(films=True)
    scripts = many(deltas=600)
    for script in scripts[:2]:
        script.deltas, script.film = 5, True
    round.send(scripts)
    wait_until(lambda: round.relay.films_begun >= 2)
    wait_until(partial(_growing, round.ledger, 2))
    round.kill()


def _growing(ledger: Ledger, count: int) -> bool:
    return sum(part.stat().st_size > 0 for part in ledger.files("*.part")) >= count


def in_migration(round: Round) -> None:
    """A newer release starts on what a killed older one left, and dies within its migration."""
    home = round.ledger.home.with_name(f"old-{round.number}")
    for number, words in enumerate(make_old(home)):
        pieces = [(0.0, TEXT)] * (PIECES if number >= ENDED else 200)
        round.relay.scripts[words] = Script(sent=pieces, done_sent=True)
        round.prompts.append(words)
    round.ledger, round.server = Ledger(home), round.server.on(home)
    round.before = round.ledger.finished() if round.prompts else {}
    round.server.begin()
    wait_until(round.ledger.is_locked, seconds=30, step_seconds=0.001)
    round.killed_at = round.server.kill()


def in_backup(round: Round) -> None:
    """A backup is being made beside eight streams, and all of it dies at once: the server and who makes it."""
    round.send(many(deltas=400))
    round.wait(lambda script: len(script.sent) > 10)
    folder = round.ledger.home / "backups"
    with round.server.command("backup") as maker:
        wait_until(lambda: list(folder.glob(".making-*")), seconds=60, step_seconds=0.001)
        time.sleep(round.chance.uniform(0.0, 0.05))
        maker.kill()
        round.kill()


def any_moment(round: Round) -> None:
    """Whenever it strikes, now and then once more while the server recovers from the first."""
    scripts = many()
    for script in scripts:
        script.deltas, script.film = round.chance.randint(1, 80), round.chance.random() < 0.15
        script.gap_seconds = round.chance.choice([0.0, 0.01, 0.02, 0.03])
    round.send(scripts)
    wait_until(lambda: any(script.posts for script in scripts))
    time.sleep(round.chance.uniform(0.0, 1.8))
    round.kill()
    if round.chance.random() < 0.3:
        round.server.begin()
        time.sleep(round.chance.uniform(0.3, 2.0))
        round.server.kill()


POINTS: dict[str, Callable[[Round], None]] = {
    "before-insert": before_insert,
    "after-insert-before-post": after_insert,
    "after-sending-mark": after_sending_mark,
    "in-headers": in_headers,
    "mid-stream": mid_stream,
    "after-done-before-final-commit": after_done,
    "while-downloading": while_downloading,
    "in-migration": in_migration,
    "in-backup": in_backup,
    "any-moment": any_moment,
}
STATES = {
    "after-insert-before-post": {"incomplete", "done"},
    "after-sending-mark": {"unknown"},
    "in-headers": {"unknown"},
    "after-done-before-final-commit": {"incomplete"},
}
"""What a killed prompt may have become, where it is less than: incomplete, unknown or done."""
