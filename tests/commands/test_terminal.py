"""What the terminal says: addresses, wrong use, a second server. Real processes, read through pipes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command of ours, ended with Ctrl+C's signal."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=PROJECT,
        env={**clean, "DAILIES_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


def line_with(process: subprocess.Popen[str], word: str) -> str:
    """Return the first line that holds the word; the test's own time limit ends a wait for nothing."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.rstrip())
        if word in line:
            return said[-1]
    raise AssertionError(said)


def serve(home: Path, port: int) -> tuple[Path, str, str, str]:
    return home, "pages.shared.web.serve", "127.0.0.1", str(port)


def test_the_server_says_in_one_line_of_its_own_where_it_is(tmp_path: Path) -> None:
    port = free_port()
    with running(*serve(tmp_path, port)) as server:
        assert server.stdout is not None
        first = next(line for line in server.stdout if line.strip())

    assert first == f"Dailies is ready: http://127.0.0.1:{port} (Ctrl+C stops it)\n"


def test_a_second_server_says_that_another_one_does_the_work_and_takes_over(tmp_path: Path) -> None:
    with running(*serve(tmp_path, free_port())) as first:
        line_with(first, "Dailies is ready")
        with running(*serve(tmp_path, free_port())) as second:
            assert "Another Dailies on this data folder" in line_with(second, "Another")
            first.send_signal(signal.SIGINT)
            first.wait(60)
            assert "does the work now" in line_with(second, "now")


def test_the_demo_says_its_address_also_into_a_pipe(tmp_path: Path) -> None:
    with running(tmp_path, "services.commands", "demo", "--port", "0") as demo:
        assert re.search(r"http://127\.0\.0\.1:\d+ ", line_with(demo, "ready"))


def test_a_wrong_base_url_in_the_environment_is_one_sentence_at_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pages.shared.web.serve", "127.0.0.1", str(free_port())],
        cwd=PROJECT,
        env={**os.environ, "DAILIES_HOME": str(tmp_path / "home"), "DAILIES_BASE_URL": "notaurl"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "DAILIES_BASE_URL: 'notaurl' is not the address of an endpoint; one looks like https://api.example.com"
    ]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("base_url", ["notaurl", "ftp://host", "https://user:pw@host"])
def test_a_base_url_that_is_none_is_one_sentence_and_stores_nothing(tmp_path: Path, base_url: str) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "services.commands", "submit", "a boat", "--base-url", base_url],
        cwd=PROJECT,
        env={**os.environ, "DAILIES_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"base_url_invalid: {base_url!r} is not the address of an endpoint; one looks like https://api.example.com."
    ]
    assert not home.exists()


def test_an_empty_list_says_so_beside_what_scripts_read(tmp_path: Path) -> None:
    said = {}
    for words in ((), ("--search", "boat"), ("--json",)):
        done = subprocess.run(
            [sys.executable, "-m", "services.commands", "list", *words],
            cwd=PROJECT,
            env={**os.environ, "DAILIES_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "")
        said[words] = done.stderr

    assert said == {(): "Nothing is kept yet.\n", ("--search", "boat"): "Nothing like that is kept.\n", ("--json",): ""}
