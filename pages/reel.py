"""Morning reel: the night's clips in turn, one key each, and the bill."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.night_words import how_far, span
from pages.shared.reel_view import bill, clips, take_again, watch_reel
from pages.shared.runtime import mine
from services.errors import NotFoundError

try:
    reel = mine().reels.look(st.query_params.get("id", ""))
except NotFoundError:
    st.title(_("Nothing here"))
    st.markdown(_("There is no such night, or it is not yours."))
    st.page_link("night.py", label=_("To the night shifts"), icon=":material/bedtime:")
    st.stop()

night = reel.standing.night
st.title(_("Morning reel"))
st.caption(f"{span(night.from_at, night.until_at)} · {how_far(reel.standing)}")
if reel.standing.waiting:
    st.info(_("The night is not over yet: more may come."), icon=":material/bedtime:")
watch_reel(reel)
clips(reel)
take_again(reel)
bill(reel)
st.page_link("night.py", label=_("To the night shifts"), icon=":material/bedtime:")
