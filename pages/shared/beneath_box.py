"""What stands right below the prompt box: what was made of these words before, and the ways to the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pages.shared.already_made import already_made
from pages.shared.compose_desk import desk, presets
from pages.shared.other_rooms import other_rooms
from services.prompts.sending import plan_of

if TYPE_CHECKING:
    from services.generations import Generation


def beneath_the_box(prompt: str, model: str, *, newest: Sequence[Generation], another: Callable[[], object]) -> None:
    """Show both. `another` sends what is in the box, to the model whose name the wishes choose.

    `newest` are the cards that stand on the page anyway.
    """
    asked = plan_of(desk(), model, presets()).model if prompt.strip() else model
    already_made(prompt, asked, shown=newest[0] if newest else None, another=another)
    other_rooms()
