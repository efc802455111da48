"""Shared: collections that people show to everybody, and the films in them. To look at, not to change."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.shared_films import films

st.title(_("Shared"))
shown = {one.id: one for one in mine().sharing.collections()}
if not shown:
    st.info(
        _("Nobody shares a collection yet. Choose one of yours in the Library; the pencil beside it shares it."),
        icon=":material/group:",
    )
    st.stop()

wanted = st.query_params.get("collection", "")
chosen = st.selectbox(
    _("Collection"),
    list(shown),
    index=list(shown).index(wanted) if wanted in shown else 0,
    format_func=lambda id: f"{shown[id].name} · {shown[id].of}",
    key="shared-collection",
)
st.query_params["collection"] = chosen
count = shown[chosen].count
counted = ngettext("{count} prompt is in it.", "{count} prompts are in it.", count).format(count=f"{count:,}")
st.caption(together(_("Shown by {name}.").format(name=plain(shown[chosen].of, 60)), counted))
films(chosen)
