"""What works for me: ratings by what was asked for, by the one thing changed, and what a keeper takes."""

import streamlit as st

from pages.judging.works_view import by_change, by_value, keepers
from pages.shared.compose_desk import reader
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.runtime import mine

st.title(_("What works for me"))
report = mine().works.report(reader())
if not report.rated:
    st.info(_("Nothing is rated yet. Give stars in the Library: the keys 1 to 5 do it."), icon=":material/star:")
    st.page_link("library.py", label=_("To the Library"), icon=":material/video_library:")
    st.stop()

rated = ngettext("From {count} rating.", "From {count} ratings, the newest first.", report.rated)
grey = _("What was rated fewer than five times is grey: it may be chance.")
st.caption(together(rated.format(count=f"{report.rated:,}"), grey))
if report.demo:
    st.caption(_("These are films of the demo endpoint; your own endpoint's will be counted without them."))
keepers(report.keepers)
st.header(_("By what was asked for"))
by_value(report.values)
st.header(_("By the one thing that was changed"))
by_change(report.changes)
