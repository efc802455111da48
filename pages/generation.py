"""Generation: one prompt and all that came of it."""

import streamlit as st

from pages.shared.asked_view import asked_and_got
from pages.shared.bill import bill_of_sent
from pages.shared.cards import result, waiting_actions
from pages.shared.contact_sheet import contact_sheet
from pages.shared.details import answer, facts, request_and_raw
from pages.shared.family import family
from pages.shared.found import found_here
from pages.shared.frame_of import use_a_frame
from pages.shared.i18n import gettext as _
from pages.shared.lineage import begin_from, came_from
from pages.shared.link_life import link_life
from pages.shared.live_text import live_text
from pages.shared.marks_view import marks
from pages.shared.place_words import waiting_line
from pages.shared.plain import plain
from pages.shared.receipt import receipt
from pages.shared.remixing import remix
from pages.shared.rescue_link import rescue_one_link
from pages.shared.resend import resend
from pages.shared.runtime import mine
from pages.shared.trash_bar import undo_bar
from pages.shared.words import UNFINISHED
from services.errors import NotFoundError

generations = mine().generations

if opened := st.session_state.pop("opened", None):  # a callback sent it again: show the new one
    st.query_params["id"] = opened
try:
    generation = generations.get(st.query_params.get("id", ""))
except NotFoundError:
    st.title(_("Nothing here"))
    st.markdown(_("There is no such generation, or it is not yours."))
    st.page_link("library.py", label=_("To the Library"), icon=":material/video_library:")
    st.stop()

st.title(plain(generation.prompt, 60), anchor=False)
undo_bar()
if generation.state in UNFINISHED:
    live_text(generation)
    waiting_line(generation)
    waiting_actions(generation)
else:
    result(generation)
    link_life(generation)
    rescue_one_link(generation)

with st.container(horizontal=True):
    begin_from(generation)
    remix(generation)
    use_a_frame(generation)
    resend(generation)
    for video in generation.videos:
        if video.state == "kept":
            st.link_button(_("Download video"), f"/app/static/media/{video.id}?download=1", icon=":material/download:")

contact_sheet(generation)
came_from(generation)
marks(generation)
family(generation)
asked_and_got(generation)
found_here(generation, st.query_params.get("q", ""))
answer(generation)
facts(generation)
receipt(generation)
bill_of_sent(generation)
request_and_raw(generation, generations)
