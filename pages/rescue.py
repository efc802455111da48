"""Rescue: every prompt that ended without its video, and what can still be done for it."""

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.rescue_bulk import bulk_bar, undo_bar
from pages.shared.rescue_list import unhappy_card
from pages.shared.rescue_one import one
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import NotFoundError

PAGE = 20


@whole
def back() -> None:
    """Close the one that is open."""
    st.query_params.pop("id", None)


@whole
def older(before_seq: int) -> None:
    """Go on below the last one shown."""
    st.query_params["before"] = str(before_seq)


@whole
def newest() -> None:
    """Begin again at the newest."""
    st.query_params.pop("before", None)


if made := st.session_state.pop("opened", None):  # sent again: show the new one
    st.switch_page("generation.py", query_params={"id": made})

desk = mine().rescue
st.title(_("Rescue"))
undo_bar()

if wanted := st.query_params.get("id"):
    st.button(_("Back to the list"), key="back", icon=":material/arrow_back:", type="tertiary", on_click=back)
    try:
        one(mine().generations.get(wanted))
    except NotFoundError:
        st.markdown(_("There is no such generation, or it is not yours."))
    st.stop()

before = st.query_params.get("before", "")
page = desk.page(before_seq=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE)
if page.items:
    st.markdown(
        _("These ended without a video that is kept here. What arrived is kept; often the video can still be had.")
    )
    bulk_bar([generation.id for generation in page.items])
    for generation in page.items:
        unhappy_card(generation)
elif not before:
    st.success(
        _("Nothing needs rescuing: every prompt has its video, or you are done with it."), icon=":material/check:"
    )
    st.page_link("library.py", label=_("To the Library"), icon=":material/video_library:")
with st.container(horizontal=True, horizontal_alignment="distribute"):
    if before:
        st.button(_("Newest"), key="newest", icon=":material/first_page:", on_click=newest)
    if page.next_seq is not None:
        st.button(_("Older"), key="older", icon=":material/chevron_right:", on_click=older, args=(page.next_seq,))
