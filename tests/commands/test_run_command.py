"""run.py as a stranger meets it: a real process, an empty folder, and whatever may be wrong with the machine."""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.version import app_version

PROJECT = Path(__file__).resolve().parents[2]
RUN = PROJECT / "run.py"
REQUIREMENTS = ("requirements.txt",)


def run(*words: str, venv: Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run run.py from a folder that is not the project's; `before` is Python executed ahead of it."""
    launch = (
        f"import runpy, sys; {before or 'pass'}; sys.argv = {['run.py', *words]!r};"
        f" runpy.run_path({str(RUN)!r}, {{}}, '__main__')"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    return subprocess.run(
        [sys.executable, "-c", launch],
        cwd=venv.parent,
        env={**clean, "DAILIES_VENV": str(venv), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return what the command said last; it is no traceback."""
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def no_uv(tmp_path: Path) -> str:
    """Return a PATH without uv, so that pip does the work."""
    empty = tmp_path / "bin"
    empty.mkdir(exist_ok=True)
    return str(empty)


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return run.py's names, with a virtual environment that counts as installed."""
    monkeypatch.setenv("DAILIES_VENV", str(tmp_path / "venv"))
    names = runpy.run_path(str(RUN))
    names["venv_python"]().parent.mkdir(parents=True)
    names["venv_python"]().symlink_to(sys.executable)
    names["stamp"](REQUIREMENTS).write_text(names["fingerprint"](REQUIREMENTS))
    return names


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_one_sentence_that_names_another_port(tmp_path: Path, taken_port: int) -> None:
    done = run("start", "--port", str(taken_port), venv=tmp_path / "venv")

    assert done.returncode == 1
    assert one_sentence(done).startswith(f"Port {taken_port} is taken")
    assert f"--port {taken_port + 1}" in one_sentence(done)
    assert not (tmp_path / "venv").exists()  # said before a minute of installing, not after


def test_options_without_a_command_mean_start(tmp_path: Path, taken_port: int) -> None:
    done = run("--port", str(taken_port), venv=tmp_path / "venv")

    assert "is taken" in one_sentence(done)


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_an_impossible_port_is_wrong_use(tmp_path: Path, port: str) -> None:
    done = run("start", f"--port={port}", venv=tmp_path / "venv")

    assert done.returncode == 2
    assert "between 0 and 65535" in one_sentence(done)


def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path) -> None:
    done = run("start", "--host", "192.0.2.1", "--port", "0", venv=tmp_path / "venv")

    assert done.returncode == 1
    assert one_sentence(done).startswith("Cannot listen on 192.0.2.1")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 18), (3, 10, 13)])
def test_a_too_old_python_is_one_sentence(version: tuple[int, ...], capsys: pytest.CaptureFixture[str]) -> None:
    main = runpy.run_path(str(RUN))["main"]

    exit_code = main(["start"], version)

    found = ".".join(map(str, version))
    assert exit_code == 2
    assert capsys.readouterr().err == f"Python 3.11 or newer is needed; this is Python {found}.\n"


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_one_sentence(tmp_path: Path, module: str) -> None:
    done = run("list", venv=tmp_path / "venv", before=f"sys.modules[{module!r}] = None")

    assert done.returncode == 2
    assert "apt install python3-venv" in one_sentence(done)


def test_no_network_at_install_is_one_sentence_and_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:1/simple"
    nowhere = {"PIP_INDEX_URL": closed, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}

    done = run("list", venv=tmp_path / "venv", PATH=no_uv(tmp_path), **nowhere)

    assert done.returncode == 1
    assert one_sentence(done).startswith("The packages could not be fetched")
    assert not list((tmp_path / "venv").glob(".*.installed"))
    assert (tmp_path / "venv" / ".unfinished").exists()


@pytest.mark.skipif(os.name == "nt", reason="the wait is told on POSIX only")
def test_a_second_start_waits_for_the_first_one_that_installs(tmp_path: Path) -> None:
    only_one = runpy.run_path(str(RUN))["only_one"]
    lock = tmp_path / "venv.lock"
    code = (
        f"import pathlib, runpy\nonly_one = runpy.run_path({str(RUN)!r})['only_one']\n"
        f"with only_one(pathlib.Path({str(lock)!r})): print('in')"
    )

    with only_one(lock):
        second = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        said = second.stderr.readline()
        still_waiting = second.poll() is None
    out, _ = second.communicate(timeout=120)

    assert "waiting" in said
    assert still_waiting
    assert out == "in\n"


def test_a_changed_list_of_requirements_asks_for_a_new_install(ready: dict[str, Any]) -> None:
    assert ready["is_ready"](REQUIREMENTS)

    ready["stamp"](REQUIREMENTS).write_text("the hash of an older list")

    assert not ready["is_ready"](REQUIREMENTS)


def test_a_virtual_environment_whose_python_was_replaced_is_not_ready(ready: dict[str, Any]) -> None:
    ready["venv_python"]().unlink()
    ready["venv_python"]().symlink_to("/bin/sh")

    assert not ready["is_ready"](REQUIREMENTS)


def test_help_lists_every_command_and_installs_nothing(tmp_path: Path) -> None:
    done = run("--help", venv=tmp_path / "venv")

    assert done.returncode == 0
    for command in ("start", "submit", "show", "list", "worker", "demo", "check", "test", "audit"):
        assert f"\n  {command} " in done.stdout
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("word", ["--version", "version"])
def test_the_version_is_the_one_of_the_project_and_installs_nothing(tmp_path: Path, word: str) -> None:
    done = run(word, venv=tmp_path / "venv")

    assert (done.returncode, done.stdout) == (0, f"Dailies {app_version()}\n")
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("words", [["check", "--help"], ["check", "--report", "-h"], ["audit", "--help"]])
def test_the_help_of_a_command_for_engineers_installs_nothing(tmp_path: Path, words: list[str]) -> None:
    done = run(*words, venv=tmp_path / "venv")

    assert done.returncode == 0
    assert done.stdout.startswith(f"python3 run.py {words[0]}")
    assert not (tmp_path / "venv").exists()
