"""The files of deploy/ say what is true: settings and folders that exist, nobody is root."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from services.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
NOT_SETTINGS = {"DAILIES_HOST", "DAILIES_UPSTREAM", "DAILIES_VENV", "DAILIES_SECRETS", "DAILIES_HOME"}


def settings() -> set[str]:
    return {f"DAILIES_{name.upper()}" for name in Settings.__dataclass_fields__} | NOT_SETTINGS


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", "Caddyfile", "dailies.service", "../docs/deploy.md"])
def test_only_settings_that_exist_are_named(name: str) -> None:
    named = set(re.findall(r"DAILIES_[A-Z_]+[A-Z]", (DEPLOY / name).read_text("utf-8")))

    assert {one.removesuffix("_FILE") for one in named} <= settings()


def test_the_image_takes_what_is_there_and_all_that_a_start_imports() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for name in line.split()}
    let_through = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE))

    assert all((PROJECT / name).exists() for name in copied)
    assert {"app.py", "pages", "services", "db", "locale", "pyproject.toml", ".streamlit/config.toml"} <= copied
    assert {name for name in copied if not name.startswith("requirements")} <= let_through
    assert "\nUSER 10001:10001\n" in text


def test_what_runs_in_containers_can_write_nothing_but_its_volume() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]

    for name in ("app", "worker"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["volumes"] == ["data:/data"]
        assert "ports" not in services[name], "the proxy is the only way in"
        assert not any("PASSWORD" in key or key.endswith(("TOKEN", "KEY")) for key in services[name]["environment"])


def test_the_start_file_for_windows_has_its_line_ends_and_the_other_may_be_run() -> None:
    assert b"\r\n" in (DEPLOY / "start-windows.cmd").read_bytes()
    assert os.name == "nt" or os.access(DEPLOY / "start-macos.command", os.X_OK)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n", "utf-8")
    given = {"DAILIES_HOME": str(tmp_path), "DAILIES_SECRET_KEY_FILE": str(tmp_path / "key")}

    assert Settings.from_environment(given).secret_key == "from-a-file"
    assert Settings.from_environment({**given, "DAILIES_SECRET_KEY": "said"}).secret_key == "said"
    with pytest.raises(ValueError, match="DAILIES_SECRET_KEY_FILE"):
        Settings.from_environment({**given, "DAILIES_SECRET_KEY_FILE": str(tmp_path / "none")})
