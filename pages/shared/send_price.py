"""What the prompt on Create may cost, before it is sent. Where the demo answers, nothing is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.compose_desk import desk, presets
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView
    from services.usage.estimates import Expectation


def send_label(chosen: EndpointView) -> str:
    """Return what the button says: what it does, and what that may cost where it may cost something."""
    if chosen.demo:
        return _("Generate")
    from pages.shared.money_words import expected_said

    return f"{_('Generate')} · {expected_said(expectation(chosen))}"


def expectation(chosen: EndpointView) -> Expectation:
    """Return what the prompt in the box, with all that goes with it, may cost at this endpoint."""
    from services.prompts.sending import composed

    on_it = desk()
    return mine().prices.expect_prompt(chosen, on_it.text, composed(on_it, presets()))
