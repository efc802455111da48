"""What the provider's bill says of one prompt, as the person read it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.rescue_actions import ANSWERS, mark_one
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services.generations.report import maybe_charged

if TYPE_CHECKING:
    from services.generations import Generation


def bill(generation: Generation) -> None:
    """Ask what the provider's bill says; the answer changes what is told everywhere."""
    key = f"charged-{generation.id}"
    st.session_state[key] = next(name for name, answer in ANSWERS.items() if answer.value is generation.charged)
    words = {"unsaid": _("I don't know"), "yes": _("Charged"), "no": _("Not charged")}
    st.radio(
        _("What does the provider's bill say?"),
        list(ANSWERS),
        key=key,
        horizontal=True,
        format_func=words.__getitem__,
        on_change=mark_one,
        args=(generation.id,),
    )
    if generation.charged_at is not None:
        st.caption(_("Noted on {time}.").format(time=moment(generation.charged_at, offset_minutes())))


def bill_of_sent(generation: Generation) -> None:
    """Ask the same of anything that was sent to a real endpoint and has ended, where it could have cost something."""
    asked = generation.ended_at is not None and generation.imported_at is None and not generation.demo
    if asked and (maybe_charged(generation) or generation.charged is not None):
        bill(generation)
