"""Drafts: what was put aside, and every prompt sent before, found by its words."""

import streamlit as st

from pages.shared.drafts_view import aside_card, past_card, undo_thrown_away
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine

if st.session_state.pop("draft_laid", False):  # on the desk now: show it
    st.switch_page("create.py")

aside = mine().aside

st.title(_("Drafts"))
undo_thrown_away()

st.header(_("Put aside"))
kept = aside.all()
if not kept:
    st.caption(_("Nothing is put aside. “Put aside” on Create keeps what you are writing, fields and all."))
for one in kept:
    aside_card(one)
if kept:
    st.page_link("night.py", label=_("Leave them for the night"), icon=":material/bedtime:")

st.header(_("Sent before"))
words = st.text_input(_("Find a prompt by its words"), key="recall", live=True, placeholder=_("lighthouse dusk"))
found = aside.sent_before(words)
if not found:
    st.caption(_("No prompt says that.") if words.strip() else _("Nothing was sent yet."))
for generation in found:
    past_card(generation)
