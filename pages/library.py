"""Library: everything ever made, on shelves, in any order, with search."""

import streamlit as st

from pages.shared.address import PLACE, go_on
from pages.shared.gallery import gallery
from pages.shared.i18n import gettext as _
from pages.shared.library_bar import library_bar, looks
from pages.shared.library_empty import nothing_to_show, said_of
from pages.shared.many import ask_about_chosen, many_question, with_all
from pages.shared.many_run import many_run
from pages.shared.rescue_link import rescue_link
from pages.shared.runtime import mine
from pages.shared.trash_bar import cards_moved, trash_head, undo_bar
from services.library.browsing import Shelf
from services.library.stacks import stacked

PAGE = 48

st.query_params.pop("id", None)  # left over when the browser went back from a generation
st.title(_("Library"))
rescue_link()
view = library_bar()
after = st.query_params.get(PLACE, "")

undo_bar()
many_run()  # before the cards are read: what it says is done, they show
many_question()
if view.shelf is Shelf.TRASH:
    trash_head()
with st.container(horizontal=True, vertical_alignment="center"):
    shown_as, size, on_stacks = looks()
on_stacks = on_stacks and view.shelf is not Shelf.TRASH
look = mine().library.look(view, after=after, limit=PAGE, to_stacks_end=on_stacks)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(said_of(look), width="stretch")
    if look.cards:
        with_all(view)

if look.cards:
    gallery(
        stacked(look.cards) if on_stacks else look.cards,
        key="gallery",
        words=look.words,
        view=shown_as,
        size=size,
        on_moved=lambda: cards_moved("gallery"),
        on_many=lambda: ask_about_chosen("gallery"),
    )
else:
    nothing_to_show(view, look)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    if after:
        st.button(_("To the beginning"), key="newest", icon=":material/first_page:", on_click=go_on, args=("",))
    if look.next:
        further = _("Search further") if look.given_up else _("Next page")
        st.button(further, key="older", icon=":material/chevron_right:", on_click=go_on, args=(look.next,))
