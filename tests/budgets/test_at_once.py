"""Twenty prompts at once from two processes never pass a budget, on SQLite and on Postgres."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from services.budgets.kept import Draft
from services.runtime import start
from services.settings import Settings
from services.usage.prices import Draft as Price
from tests.jobs.relay import Relay

PROJECT = Path(__file__).resolve().parents[2]
EACH = 10


def sending(name: str, home: Path, database_url: str, relay: Relay) -> subprocess.Popen[str]:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("DAILIES_")}
    told = {
        "DAILIES_HOME": str(home),
        "DAILIES_DATABASE_URL": database_url,
        "DAILIES_BASE_URL": relay.base_url,
        "DAILIES_TOKEN": "secret",
    }
    command = [sys.executable, "-m", "tests.budgets.sender", name, str(EACH)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, env={**ours, **told}, stdin=pipe, stdout=pipe, text=True)


@pytest.mark.parametrize("measure", ["generations", "money"])
def test_twenty_at_once_from_two_processes_stop_at_the_budget(
    database_url: str, tmp_path: Path, relay: Relay, measure: str
) -> None:
    settings = Settings(home=tmp_path, base_url=relay.base_url, database_url=database_url)
    runtime = start(settings, executes=False)
    try:
        me = runtime.for_person("local")
        budgets = me.budgets
        me.prices.save(Price(model="*", basis="per_call", price="0.30", currency="USD"))
        amount = "7" if measure == "generations" else "2.10"
        budgets.set(Draft(measure=measure, amount=amount, currency="USD", period="day", zone="UTC"), by="local")
        processes = [sending(name, tmp_path, database_url, relay) for name in ("one", "two")]
        came: Counter[str] = Counter()
        for one in processes:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in processes:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in processes:
            said, _ = one.communicate(timeout=120)
            came += Counter(json.loads(said))

        assert came == {"kept": 7, "budget_reached": 13}
        (standing,) = budgets.standings()
        assert (standing.used, standing.level) == (0, "reached")
        assert len(me.generations.unfinished()) == 7
    finally:
        runtime.close()
