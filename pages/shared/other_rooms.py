"""The ways to the rooms that are not in the menu."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _


def other_rooms() -> None:
    """Offer what belongs to making prompts: several at once, the night, drafts, templates, rewriting."""
    with st.container(horizontal=True, key="other-rooms"):
        st.page_link("batch.py", label=_("Several at once"), icon=":material/dynamic_feed:")
        st.page_link("night.py", label=_("Night shift"), icon=":material/bedtime:")
        st.page_link("drafts.py", label=_("Drafts"), icon=":material/edit_note:")
        st.page_link("templates.py", label=_("Templates"), icon=":material/bookmarks:")
        st.page_link("enhance.py", label=_("Rewrite a prompt"), icon=":material/auto_fix_high:")
