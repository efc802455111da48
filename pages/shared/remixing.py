"""Remix: change one thing of a video that was made; the relay is told which, where it is known how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.compose_desk import compose_with_fields, laid
from pages.shared.compose_sections import section_of
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import UNFINISHED
from services.prompts.composing import remixed

if TYPE_CHECKING:
    from services.generations import Generation


def remix(generation: Generation) -> None:
    """Offer it for what has ended: everything stays as it was but what is said next."""
    if generation.state in UNFINISHED:
        return
    said = _("Keep the video and say what shall be different.")
    if st.button(
        _("Remix"), key="remix", icon=":material/change_circle:", help=said, on_click=_remix, args=(generation.id,)
    ):
        st.switch_page("create.py", query_params=st.query_params.to_dict())


@whole
def _remix(generation_id: str) -> None:
    def fill() -> None:
        on_it = remixed(mine().generations.get(generation_id))
        laid(on_it)
        if on_it.remix is None:
            notice(_("The endpoint gave this video no name to change it by. The words say what shall stay the same."))

    if tried(fill):
        compose_with_fields()
        st.session_state["compose-section"] = section_of("remix")
