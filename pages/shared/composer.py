"""The composer on Create: its code is read only while it is open, so that the plain box stays as quick as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_desk import desk, presets
from services.prompts.controls import options

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView


def beside_generate(model: str) -> None:
    """Show what does not fit in what will be sent, and what goes out besides the text."""
    on_it = desk()
    if on_it.text.strip():
        from pages.shared.compose_checks import context_of, findings
        from pages.shared.compose_controls import going_out

        offered = options(model, presets())
        findings(on_it, context_of(on_it, offered))
        going_out(on_it, model, offered)


def composer(chosen: EndpointView) -> None:
    """Show the fields, and what comes of them: the clock and the read-back card."""
    from pages.shared.compose_checks import clock, context_of
    from pages.shared.compose_controls import controls
    from pages.shared.compose_read_back import read_back_card
    from pages.shared.compose_sections import sections

    model = chosen.model
    on_it, offered = desk(), options(model, presets())
    context = context_of(on_it, offered)
    with st.container(border=True, key="composer"):
        controls(on_it, offered, model, demo=chosen.demo)
        sections(on_it)
        if on_it.text.strip():
            clock(on_it, context)
            read_back_card(on_it, context, chosen)
