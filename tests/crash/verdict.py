"""What a round came to, and the table of them all."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from db.database import Database
from services.backup.verify import verify
from services.settings import Settings
from tests.crash.ledger import Kept
from tests.crash.points import STATES, Round

TAIL_SECONDS = 0.2
FAULTS = (
    *("prompts_lost", "finished_changed", "texts_not_a_prefix", "wrong_states", "integrity_failures"),
    *("posts_repeated", "films_lost", "parts_left"),
)


@dataclass(kw_only=True)
class Verdict:
    """The figures of one round; those of `FAULTS` have to be 0."""

    point: str
    prompts: int = 0
    states: dict[str, int] = field(default_factory=dict)
    prompts_lost: int = 0
    finished_changed: int = 0
    texts_not_a_prefix: int = 0
    wrong_states: int = 0
    integrity_failures: int = 0
    posts_repeated: int = 0
    films_lost: int = 0
    parts_left: int = 0
    films_kept: int = 0
    tails_seconds: list[float] = field(default_factory=list)
    machine_late_seconds: float = 0.0
    took_seconds: float = 0.0

    def faults(self) -> dict[str, int]:
        """Return what should be 0 and is not."""
        return {name: value for name, value in asdict(self).items() if name in FAULTS and value}


def judge(round: Round) -> Verdict:
    """Look at the data folder once everything has settled after the restart."""
    ledger, relay = round.ledger, round.relay
    kept, finished = ledger.kept(), ledger.finished()
    found = [kept[words] for words in round.prompts if words in kept]
    allowed = STATES.get(round.point, {"incomplete", "unknown", "done"})
    verdict = Verdict(point=round.point, prompts=len(round.prompts))
    verdict.states = dict(Counter(one.state for one in found))
    verdict.prompts_lost = len(round.prompts) - len(found) + _draft_lost(round, kept)
    verdict.finished_changed = sum(finished.get(id) != value for id, value in round.before.items())
    verdict.wrong_states = sum(one.state not in allowed for one in found)
    verdict.texts_not_a_prefix = sum(
        not _text_holds(round, words, kept[words]) for words in round.prompts if words in kept
    )
    verdict.integrity_failures = len(ledger.faults()) + _backup_faults(round)
    verdict.posts_repeated = sum(script.posts > 1 for script in relay.scripts.values()) + relay.unknown_posts
    verdict.parts_left = len(ledger.files("*.part*"))
    _judge_films(round, verdict)
    verdict.tails_seconds = [tail(round, words, kept[words]) for words in round.prompts if words in kept]
    return verdict


def _backup_faults(round: Round) -> int:
    """Count what is wrong with the backups; after a killed one, the next has to work and to clear away its remains."""
    folder = round.ledger.home / "backups"
    if round.point == "in-backup":
        with round.server.command("backup") as maker:
            if maker.wait(60) != 0 or list(folder.glob(".making-*")):
                return 1
    if not folder.exists():
        return 0
    database = Database(f"sqlite:///{round.ledger.file}")
    try:
        return len(list(verify(Settings(home=round.ledger.home), database)))
    finally:
        database.close()


def _draft_lost(round: Round, kept: dict[str, Kept]) -> bool:
    """What was being sent has a row, or is still the draft."""
    if not round.draft or round.draft in kept:
        return False
    return round.ledger.ask("SELECT text FROM drafts WHERE name = 'create'") != [(round.draft,)]


def _text_holds(round: Round, words: str, one: Kept) -> bool:
    script = round.relay.scripts[words]
    if one.state == "done":
        return one.content == script.text and script.done_sent
    return script.text.startswith(one.content)


def _judge_films(round: Round, verdict: Verdict) -> None:
    """Every answer that has its link has its film, whole."""
    whole = hashlib.sha256(round.relay.film).hexdigest()
    for words, content, sha256 in round.ledger.ask(
        "SELECT g.prompt, g.content, (SELECT sha256 FROM videos v WHERE v.generation_id = g.id AND v.state = 'kept')"
        " FROM generations g"
    ):
        if words in round.prompts and ".mp4)" in str(content):
            verdict.films_kept += sha256 == whole
            verdict.films_lost += sha256 != whole


def tail(round: Round, words: str, one: Kept) -> float:
    """Return how old, in seconds, the oldest delta was that was sent before the kill and is not stored; 0 for none."""
    size = 0
    for sent_at, text in round.relay.scripts[words].sent:
        size += len(text)
        if size > len(one.content):
            return max(0.0, round.killed_at - sent_at)
    return 0.0


def write_results(verdicts: list[Verdict], seed: int) -> None:
    """Write the table for `run.py check --report`, if it asks for one."""
    target = os.environ.get("DAILIES_CRASH_RESULTS")
    if not target:
        return
    by_point = {
        point: _row([one for one in verdicts if one.point == point])
        for point in sorted({one.point for one in verdicts})
    }
    table = {"seed": seed, "total": _row(verdicts), "points": by_point}
    Path(target).write_text(json.dumps(table, indent=2) + "\n", "utf-8")


def _row(verdicts: list[Verdict]) -> dict[str, object]:
    tails = sorted(one for verdict in verdicts for one in verdict.tails_seconds)
    states: Counter[str] = Counter()
    faults: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    for verdict in verdicts:
        states.update(verdict.states)
        faults.update(verdict.faults())
    return {
        "rounds": len(verdicts),
        "prompts": sum(verdict.prompts for verdict in verdicts),
        "states": dict(sorted(states.items())),
        "took_max_seconds": round(max(verdict.took_seconds for verdict in verdicts), 1),
        "films_kept": sum(verdict.films_kept for verdict in verdicts),
        "unsaved_tail_p50_ms": round(statistics.median(tails) * 1000) if tails else None,
        "unsaved_tail_max_ms": round(tails[-1] * 1000) if tails else None,
        "machine_late_max_ms": round(max(verdict.machine_late_seconds for verdict in verdicts) * 1000),
        **faults,
    }
