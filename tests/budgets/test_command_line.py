"""The command line obeys budgets as the pages do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from services.budgets.kept import Draft
from services.runtime import Runtime
from tests.jobs.relay import Relay

PROJECT = Path(__file__).resolve().parents[2]


def test_submit_says_which_budget_stops_it_and_ends_with_1(
    run: Callable[..., Runtime], relay: Relay, tmp_path: Path
) -> None:
    me = run(executes=False).for_person("local")
    me.budgets.set(Draft(measure="generations", amount="1", period="month", zone="UTC"), by="local")
    me.generations.submit("a kite", nonce="one")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    told = {"DAILIES_HOME": str(tmp_path), "DAILIES_BASE_URL": relay.base_url, "DAILIES_TOKEN": "t"}

    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "submit", "one more kite"],
        cwd=PROJECT,
        env={**ours, **told},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "budget_reached: Your budget of this month is used up: 0 of 1 generations used, 1 on the way or waiting."
        " Nothing was sent. It begins anew on "
    )
    assert relay.posts == {}
