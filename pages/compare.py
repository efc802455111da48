"""Compare: two to four videos in sync and what differs, or a play-off of up to 24, two at a time."""

import streamlit as st

from pages.judging.differences import differences
from pages.judging.play_off import play_off
from pages.judging.players import players
from pages.shared.address import from_address, into_address
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine

AT_ONCE = 4
WAYS = {"side": _("Side by side"), "playoff": _("Play-off")}

st.title(_("Compare"), anchor=False)
entrants = mine().play_off.entrants(st.query_params.get("ids", "").split(","))
if len(entrants) < 2:
    st.markdown(
        _("Two videos are needed, kept here. Choose them in the Library, or open a prompt that has several takes.")
    )
    st.page_link("library.py", label=_("To the Library"), icon=":material/video_library:")
    st.stop()

way = from_address("way", list(WAYS), "side")
st.radio(
    _("How to compare"),
    list(WAYS),
    key="way",
    format_func=WAYS.__getitem__,
    horizontal=True,
    label_visibility="collapsed",
    on_change=into_address,
    args=("way", "side"),
)
if way == "playoff":
    play_off(entrants)
else:
    shown = entrants[:AT_ONCE]
    if len(entrants) > AT_ONCE:
        st.caption(_("The first four of {count}. The play-off takes all of them.").format(count=len(entrants)))
    players(shown, key="players")
    differences(shown)
