"""Library: everything ever made, newest first, with search."""

import streamlit as st

from pages.shared.gallery import gallery
from pages.shared.i18n import gettext as _
from pages.shared.rescue_link import rescue_link
from pages.shared.runtime import mine
from pages.shared.whole import whole

PAGE = 24


@whole
def from_the_newest() -> None:
    """Begin again at the newest: a new search, or the way back."""
    st.query_params.pop("before", None)


@whole
def older(before_seq: int) -> None:
    """Go on below the last card shown; the place stands in the address."""
    st.query_params["before"] = str(before_seq)


st.query_params.pop("id", None)  # left over when the browser went back from a generation
st.title(_("Library"))
rescue_link()
search = st.text_input(
    _("Search"),
    key="q",
    type="search",
    bind="query-params",
    placeholder=_("Words from a prompt or an answer"),
    icon=":material/search:",
    on_change=from_the_newest,
)
before = st.query_params.get("before", "")
page = mine().library.page(
    text=search or "", before_seq=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE
)

opened = gallery(page.items, key="gallery") if page.items else None
if opened:
    st.switch_page("generation.py", query_params={"id": opened})
if not page.items and search:
    st.info(
        _("Nothing found. Two characters are enough, also in Chinese; each word must occur."),
        icon=":material/search_off:",
    )
elif not page.items:
    st.info(
        _("Nothing here yet. Every prompt you send is kept here with its answer and its video."),
        icon=":material/movie:",
    )
    st.page_link("create.py", label=_("Make the first one"), icon=":material/arrow_forward:")

with st.container(horizontal=True, horizontal_alignment="distribute"):
    if before:
        st.button(_("Newest"), key="newest", icon=":material/first_page:", on_click=from_the_newest)
    if page.next_seq is not None:
        st.button(_("Older"), key="older", icon=":material/chevron_right:", on_click=older, args=(page.next_seq,))
