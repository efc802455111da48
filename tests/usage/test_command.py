"""`recount` as it is called: what was wrong is told and mended, and a running Dailies is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from db.database import Database
from services.presence import Presence
from tests.usage.history import Life

PROJECT = Path(__file__).resolve().parents[2]


def recount(home: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    return subprocess.run(
        [sys.executable, "-m", "services.commands", "recount"],
        cwd=PROJECT,
        env={**clean, "DAILIES_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_was_wrong_is_counted_anew_and_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'dailies.db'}")
    database.upgrade()
    Life(database, 5).happen(80)
    assert recount(tmp_path).stdout == "Counted anew: every total was right.\n"
    with database.transaction() as session:
        session.execute(text("UPDATE usage_totals SET generations = generations + 1 WHERE grain = 86400"))
    database.close()

    assert "were wrong and are right now" in recount(tmp_path).stdout
    assert recount(tmp_path).stdout == "Counted anew: every total was right.\n"


def test_while_dailies_runs_nothing_is_counted(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'dailies.db'}").upgrade()
    presence = Presence(tmp_path)
    try:
        done = recount(tmp_path)
    finally:
        presence.leave()
    assert done.returncode == 1
    assert "running" in done.stderr
    assert "Traceback" not in done.stderr
