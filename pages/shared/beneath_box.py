"""What stands right below the prompt box: what was made of these words before, and the ways to the other rooms."""

from __future__ import annotations

from collections.abc import Callable

from pages.shared.already_made import already_made
from pages.shared.compose_desk import desk, presets
from pages.shared.other_rooms import other_rooms
from services.prompts.sending import plan_of


def beneath_the_box(prompt: str, model: str, *, another: Callable[[], object]) -> None:
    """Show both. `another` sends what is in the box, to the model whose name the wishes choose."""
    asked = plan_of(desk(), model, presets()).model if prompt.strip() else model
    already_made(prompt, asked, another=another)
    other_rooms()
