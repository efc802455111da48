"""What the composer knows, as data: words, looks, templates and what models read. Checked by tests, free to edit."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent


@cache
def load(name: str) -> Any:
    """Return one data file of ours, read once."""
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
