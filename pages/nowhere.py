"""What an address that leads nowhere shows."""

import streamlit as st

from pages.shared.i18n import gettext as _

st.title(_("Nothing here"), anchor=False)
st.markdown(_("There is no page at this address. Perhaps it was mistyped, or it is an old link."))
st.page_link("create.py", label=_("To Create"), icon=":material/movie:")
