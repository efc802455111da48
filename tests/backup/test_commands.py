"""backup, restore and verify as a person types them: real processes, real exit codes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.backup.make import make
from services.backup.store import all_of
from services.endpoint.profiles import Endpoints
from services.runtime import start
from services.settings import Settings
from tests.backup.homes import files_of, open_home, rows_of, spoil

PROJECT = Path(__file__).resolve().parents[2]


def command(settings: Settings, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command on a data folder and return what it said; never a traceback."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    ours = {"DAILIES_HOME": str(settings.home), "DAILIES_BACKUP_DIR": str(settings.backup_dir), **more}
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", *words],
        cwd=PROJECT,
        env={**clean, **ours},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def test_back_up_lose_everything_put_it_back(filled: Settings) -> None:
    rows, files = rows_of(filled.home / "dailies.db"), files_of(filled.home)

    made = command(filled, "backup")
    shutil.rmtree(filled.home)
    listed = command(filled, "backups")
    back = command(filled, "restore", "--yes")
    well = command(filled, "verify")

    assert (made.returncode, back.returncode, well.returncode) == (0, 0, 0)
    assert "3 prompts, 6 media files" in made.stdout
    assert all_of(filled)[0].name in listed.stdout
    assert "All is well." in well.stdout
    assert files_of(filled.home) == files
    after = rows_of(filled.home / "dailies.db")
    # The three prompts were waiting: they are unclear now, search and sums know it, and nothing else has changed.
    changed = {name for name, there in after.items() if there != rows[name]}
    assert changed <= {
        "generations",
        "search_entries",
        "usage_lines",
        "usage_totals",
        *(name for name in rows if name.startswith("generation_search")),
    }
    assert set(after) == set(rows)


def test_it_asks_before_it_does_and_no_is_no(filled: Settings) -> None:
    command(filled, "backup")
    rows = rows_of(filled.home / "dailies.db")

    said = command(filled, "restore", typed="n\n")

    assert said.returncode == 1
    assert "Put it back into" in said.stdout
    assert rows_of(filled.home / "dailies.db") == rows
    assert list(filled.home.glob("*before-restore*")) == []


def test_a_running_server_is_one_sentence(filled: Settings) -> None:
    command(filled, "backup")
    runtime = start(filled)

    said = command(filled, "restore", "--yes")
    runtime.close()

    assert said.returncode == 1
    assert said.stderr.strip() == "home_in_use: Dailies is running on this data folder: stop it first"


def test_to_another_folder_and_back_from_it(filled: Settings, tmp_path: Path) -> None:
    made = command(filled, "backup", "--to", str(tmp_path / "disk"))
    back = command(filled, "restore", str(tmp_path / "disk"), "--yes")

    assert (made.returncode, back.returncode) == (0, 0)
    assert all_of(filled) == []


def test_verify_prints_a_line_for_each_fault(filled: Settings) -> None:
    make(filled, filled.home / "dailies.db")
    films = sorted((filled.home / "media").rglob("*.mp4"))
    spoil(films[0])
    films[1].unlink()

    said = command(filled, "verify")

    assert said.returncode == 1
    assert set(said.stdout.strip().splitlines()) == {
        f"The video {films[0].parent.name}/{films[0].name} is not what it was.",
        f"The video {films[1].parent.name}/{films[1].name} is missing.",
    }


def test_with_another_key_tokens_are_asked_for_again_and_nothing_crashes(filled: Settings) -> None:
    runtime = start(filled, executes=False)
    endpoints: Endpoints = runtime.for_person("local").endpoints
    saved = endpoints.save(None, name="Mine", base_url="https://api.example", token="sk-canary-token", model="m")
    runtime.close()
    command(filled, "backup")
    shutil.rmtree(filled.home)

    said = command(filled, "restore", "--yes")
    runtime = start(filled, executes=False)
    view = runtime.for_person("local").endpoints.get(saved.id)
    runtime.close()

    assert "enter the token again for Mine" in said.stdout
    assert (view.has_token, view.token_unreadable) == (False, True)


@pytest.mark.parametrize("words", [["backup"], ["restore", "--yes"]])
def test_postgres_is_said_to_be_somebody_elses(settings: Settings, words: list[str]) -> None:
    said = command(settings, *words, DAILIES_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert said.returncode == 1
    assert said.stderr.startswith("backup_postgres: ")
    assert "pg_dump" in said.stderr


def test_nothing_to_back_up_and_nothing_to_put_back_are_sentences(settings: Settings) -> None:
    assert command(settings, "backup").stderr.startswith("backup_nothing: ")
    assert command(settings, "restore", "--yes").stderr.startswith("backup_missing: ")


def test_no_backups_is_a_sentence_and_names_the_folder(settings: Settings) -> None:
    said = command(settings, "backups")

    assert said.returncode == 0
    assert said.stdout.startswith(f"There is no backup in {settings.backup_dir}")


def test_a_backup_that_cannot_be_put_back_is_listed_and_its_refusal_names_the_next_step(filled: Settings) -> None:
    made = make(filled, filled.home / "dailies.db")
    spoil(made.folder / "dailies.db")
    spoilt = command(filled, "restore", "--yes")
    (made.folder / "manifest.json").write_text("{")
    listed = command(filled, "backups")

    assert spoilt.stderr.startswith("backup_damaged: ")
    assert "Nothing was changed. Name another one; python3 run.py backups lists them." in spoilt.stderr
    assert f"{made.name}: cannot be put back" in listed.stdout


def test_a_name_that_is_no_backup_is_said_with_where_they_are_listed(filled: Settings) -> None:
    make(filled, filled.home / "dailies.db")
    said = command(filled, "restore", "yesterday", "--yes")

    assert said.stderr.startswith("backup_missing: yesterday is neither a backup")
    assert "run.py backups" in said.stderr


def test_a_folder_that_cannot_be_made_is_named(filled: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = command(filled, "backup", "--to", str(tmp_path / "file" / "below"))

    assert said.stderr.startswith("backup_folder: a folder or file cannot be used")
    assert str(tmp_path / "file") in said.stderr


def test_a_damaged_database_is_called_damaged(filled: Settings) -> None:
    (filled.home / "dailies.db").write_bytes(b"no database at all" * 400)

    assert "The database is damaged: file is not a database." in command(filled, "verify").stdout


def test_verify_without_a_database_makes_none(settings: Settings) -> None:
    said = command(settings, "verify")

    assert said.stdout.startswith("The database cannot be used")
    assert not (settings.home / "dailies.db").exists()
    open_home(settings).close()
