"""The part of Help about time, waiting, refusals and what is left."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _


def waiting() -> None:
    """Tell of the clock, the line, limits and balances."""
    st.header(_("Time and patience"))
    sentences = [
        _("A running card tells what half and nine of ten answers like it took before. Below five it is silent."),
        _("Slower than any before means likely stuck. Nothing is sent again by itself; you may wait, or cancel."),
        _("What waits tells its number, and why and until when. Settings limits how many go at once or in a minute."),
        _("“Too many requests” (429) holds what waits while the endpoint asks. What was refused waits for your click."),
        _("What is left on your key is shown where the endpoint tells it, with its age. Dailies asks seldom."),
    ]
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
