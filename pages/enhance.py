"""Rewrite: let a chat model write the prompt anew; yours is never lost."""

import streamlit as st

from pages.shared.enhancing import ask_form, on_create, result, watch
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from services.errors import NotFoundError

if st.session_state.pop("rewrite_laid", False):  # on the desk now: show it
    st.switch_page("create.py")

st.title(_("Rewrite a prompt"))
st.markdown(_("A chat model makes explicit what your words imply. Yours stay until you say so."))
prompt = on_create()
if not prompt.strip():
    st.info(_("Write something on Create first."), icon=":material/edit_note:")
    st.page_link("create.py", label=_("To Create"), icon=":material/arrow_back:")
    st.stop()

st.code(prompt, language=None, wrap_lines=True)
ask_form(prompt)
asked = st.session_state.get("rewrite")
if asked:
    try:
        rewrite = mine().enhancer.look(asked)
    except NotFoundError:
        st.session_state.pop("rewrite")
    else:
        if rewrite.state == "sending":
            watch(asked)
        else:
            result(rewrite)
