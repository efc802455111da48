"""Sign in, or wait until an administrator lets one in."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.people import person_here
from pages.shared.sign_in_view import sign_in, sign_out, stands_outside, ways_in

person = person_here()
if not stands_outside():  # let in meanwhile: the frame shows the menu from its next run on
    st.rerun()

st.title("Dailies", anchor=False)
if person is None:
    st.markdown(_("Sign in to see your own prompts and videos, and those that others share."))
    for name, provider in ways_in():
        label = _("Sign in with {provider}").format(provider=name) if name else _("Sign in")
        st.button(
            label,
            key=f"sign-in-{provider}",
            type="primary",
            icon=":material/login:",
            on_click=sign_in,
            args=(provider,),
        )
else:
    st.info(_("You are signed in. An administrator has to let you in; tell them this id:"), icon=":material/hourglass:")
    st.code(person.id, language=None)
    with st.container(horizontal=True):
        st.button(_("Look again"), key="look-again", icon=":material/refresh:")
        st.button(_("Sign out"), key="sign-out", icon=":material/logout:", on_click=sign_out)
