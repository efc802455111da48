"""What stands right below the prompt box: what is left, a budget, a picture, the same words before, other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pages.shared.already_made import already_made
from pages.shared.budget_line import budget_line
from pages.shared.collections_view import send_to
from pages.shared.compose_desk import desk, presets
from pages.shared.low_balance import low_balance
from pages.shared.other_rooms import other_rooms
from pages.shared.reference_picture import reference_picture
from services.prompts.sending import plan_of

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView
    from services.generations import Generation


def beneath_the_box(
    prompt: str, chosen: EndpointView, *, newest: Sequence[Generation], another: Callable[[], object]
) -> None:
    """Show all of it. `another` sends what is in the box, to the model whose name the wishes choose.

    `newest` are the cards that stand on the page anyway.
    """
    low_balance(chosen)
    budget_line(chosen.id, send_to(), demo=chosen.demo)
    reference_picture(demo=chosen.demo)
    on_it = desk()
    asked = plan_of(on_it, chosen.model, presets()).model if prompt.strip() else chosen.model
    picture = on_it.picture.id if on_it.picture else ""
    already_made(prompt, asked, picture=picture, shown=newest[0] if newest else None, another=another)
    other_rooms()
