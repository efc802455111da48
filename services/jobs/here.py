"""Runs one generation in this process, without the engine: what `run.py submit` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.runtime import Runtime


def execute_here(runtime: Runtime, generation_id: str) -> None:
    """Stream a generation to its end and wait until each of its videos is kept or has failed once."""
    runtime.execute(generation_id)
