"""Templates: words of one's own to begin with, in all their versions; people and places that stay the same."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.own_cards import cards_section
from pages.shared.own_templates import files_section, keep_section, own_template, undo_put_away
from pages.shared.runtime import mine
from pages.shared.sample_cards import template_cards, use_template


def begin_with(template_id: str) -> None:
    """Lay a built-in template on Create, and go there."""
    use_template(template_id)
    st.session_state.template_laid = True


if st.session_state.pop("template_laid", False):  # on the desk now: show it
    st.switch_page("create.py")

st.title(_("Templates"))
st.markdown(_("Words you use again. A {name} in braces becomes a box to fill in."))
undo_put_away()

st.header(_("Keep what is on Create"))
keep_section()

st.header(_("Yours"))
kept = mine().templates.all()
if not kept:
    st.caption(_("None yet. Write something on Create, then keep it here."))
for template in kept:
    own_template(template)

st.header(_("Built in"))
st.caption(_("A click lays it on Create; what is there now can be put back."))
template_cards(begin_with)

st.header(_("People and places that stay the same"))
cards_section()

st.header(_("Files"))
files_section(kept)
