"""The switch between the languages, in the menu."""

import streamlit as st

from pages.shared.i18n import LANGUAGES, choose_language, language
from pages.shared.whole import whole


@whole
def _switch() -> None:
    choose_language(st.session_state.language_switch)


def language_switch() -> None:
    """Offer every language under its own name; the choice is remembered."""
    st.session_state.language_switch = language()
    st.sidebar.radio(
        "Language · 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language_switch",
        horizontal=True,
        on_change=_switch,
        label_visibility="collapsed",
    )
