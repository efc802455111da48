"""What stands right below the prompt box: a picture, what was made of these words before, ways to the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pages.shared.already_made import already_made
from pages.shared.compose_desk import desk, presets
from pages.shared.other_rooms import other_rooms
from pages.shared.reference_picture import reference_picture
from services.prompts.sending import plan_of

if TYPE_CHECKING:
    from services.generations import Generation


def beneath_the_box(
    prompt: str, model: str, *, newest: Sequence[Generation], another: Callable[[], object], demo: bool
) -> None:
    """Show all three. `another` sends what is in the box, to the model whose name the wishes choose.

    `newest` are the cards that stand on the page anyway.
    """
    reference_picture(demo=demo)
    asked = plan_of(desk(), model, presets()).model if prompt.strip() else model
    already_made(prompt, asked, shown=newest[0] if newest else None, another=another)
    other_rooms()
