"""Beyond this machine only with sign-in, or when somebody says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pages.shared.web.doors import refusal
from services.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


def started(tmp_path: Path, host: str, **given: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DAILIES_")}
    return subprocess.run(
        [sys.executable, "-m", "pages.shared.web.serve", host, "0"],
        cwd=PROJECT,
        env={**ours, "DAILIES_HOME": str(tmp_path / "home"), **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_without_sign_in_it_listens_to_this_machine_only(tmp_path: Path, host: str) -> None:
    done = started(tmp_path, host)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"Listening on {host} would let anybody")
    assert "DAILIES_OPEN=1" in done.stderr
    assert not (tmp_path / "home").exists(), "said before anything is opened"


def test_who_means_it_may(tmp_path: Path) -> None:
    assert refusal("0.0.0.0", Settings(home=tmp_path, open="1")) is None
    assert refusal("127.0.0.1", Settings(home=tmp_path)) is None
    assert refusal("0.0.0.0", Settings(home=tmp_path, open="0")) is not None


def test_half_a_sign_in_is_no_sign_in(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[auth]\nredirect_uri = "https://d.example/oauth2callback"\ncookie_secret = "short"\n', "utf-8")

    done = started(tmp_path, "0.0.0.0", DAILIES_SECRETS=str(secrets))

    assert done.returncode == 1
    assert "cookie_secret" in done.stderr
    assert "short" not in done.stderr
