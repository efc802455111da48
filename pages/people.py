"""People: who may do what, what they used, and what was done. For administrators."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.people import person_here
from pages.shared.people_view import audit_list, person_line
from pages.shared.runtime import get_runtime

st.title(_("People"))
me = person_here()
if me is None or not me.administers:
    st.info(_("This page is for administrators."), icon=":material/lock:")
    st.stop()

st.markdown(_("Administrators see who uses how much, never a prompt or a video, unless somebody shares a collection."))
people = get_runtime().people.all(me)
waiting = [one for one in people if not one.person.let_in]
if waiting:
    st.header(_("Waiting to be let in"))
    for member in waiting:
        person_line(member, me)
st.header(_("Let in"))
for member in people:
    if member.person.let_in:
        person_line(member, me)

st.header(_("What was done"))
st.caption(_("Who, when, what, and to which id; never a word of a prompt. Nobody can change or delete a line."))
audit_list(me)
