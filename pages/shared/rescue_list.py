"""One unhappy generation in the list: what happened, whether it may have cost something, how long its link lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.cards import badge, ended_badly, without_video
from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.link_life import link_life
from pages.shared.plain import plain
from pages.shared.whole import whole
from pages.shared.words import money

if TYPE_CHECKING:
    from services.generations import Generation


def unhappy_card(generation: Generation) -> None:
    """Show it in a frame with a box to select it and the way to its rescue."""
    with st.container(border=True, key=f"unhappy-{generation.id}"):
        st.checkbox(plain(generation.prompt, 160), key=f"pick-{generation.id}")
        badge(generation)
        st.markdown(what_happened(generation))
        link_life(generation)
        # A page link to the page one is on goes nowhere, whatever its query says (Streamlit 1.67).
        st.button(
            _("Rescue it"),
            key=f"open-{generation.id}",
            icon=":material/healing:",
            on_click=_open,
            args=(generation.id,),
        )


@whole
def _open(id: str) -> None:
    """Show this one alone; the address says which."""
    st.query_params["id"] = id


def what_happened(generation: Generation) -> str:
    """Return what went wrong, what it may have cost, and the next step, in a few sentences."""
    if generation.state != "done":
        return ended_badly(generation)
    failed = next((video for video in generation.videos if video.state == "failed"), None)
    if failed is not None:
        return together(explain_code(failed.error_code or "video_failed"), money(generation))
    return without_video(generation)
