"""Queue: what is held, waiting and running; pause, order, cancel."""

import streamlit as st

from pages.shared.actions import pause, resume
from pages.shared.cards import generation_card
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.night_view import open_nights
from pages.shared.notice import notice, notice_error
from pages.shared.other_rooms import other_rooms
from pages.shared.place_words import holds, line_key
from pages.shared.queue_watch import watch_queue
from pages.shared.rescue_link import rescue_link
from pages.shared.runtime import mine
from pages.shared.waiting_list import waiting_list
from pages.shared.whole import whole
from pages.shared.words import IN_FLIGHT
from services.errors import DailiesError

generations = mine().generations


@whole
def cancel_all() -> None:
    """Cancel what has not been sent; what runs goes on."""
    try:
        count = generations.cancel_all_waiting()
    except DailiesError as error:
        notice_error(error)
        return
    notice(
        ngettext("{count} waiting prompt cancelled.", "{count} waiting prompts cancelled.", count).format(count=count)
    )


unfinished = generations.unfinished()
running = [one for one in unfinished if one.state in IN_FLIGHT]
waiting = [one for one in unfinished if one.state not in IN_FLIGHT]
of_nights = [one for one in waiting if one.send_before is not None]

st.title(_("Queue"))
rescue_link()
other_rooms()
with st.container(horizontal=True):
    if generations.paused:
        st.button(_("Resume"), key="resume", type="primary", icon=":material/play_arrow:", on_click=resume)
    else:
        st.button(_("Pause"), key="pause", icon=":material/pause:", on_click=pause)
    st.button(
        _("Cancel all waiting"),
        key="cancel-all",
        icon=":material/playlist_remove:",
        disabled=not waiting,
        on_click=cancel_all,
    )
if generations.paused:
    st.warning(_("Paused: nothing new is sent. What already runs goes on."), icon=":material/pause:")

holds()
places = mine().line.places() if waiting else {}

st.header(_("Running"))
if not running:
    st.caption(_("Nothing is running. What runs goes on without this page, so you may close the tab."))
for generation in running:
    generation_card(generation)

st.header(_("Waiting"))
if not waiting:
    st.caption(_("Nothing is waiting."))
waiting_list([one for one in waiting if one.send_before is None], places)
open_nights(of_nights)

watch_queue([(one.id, str(one.state)) for one in unfinished], line_key(places))
