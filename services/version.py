"""Which Dailies this is: the number in pyproject.toml, the one place it is written."""

from __future__ import annotations

import tomllib
from functools import cache

from services.settings import PROJECT


@cache
def app_version() -> str:
    """Return the version, such as "0.1.0"."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
