"""A person's word on one generation: favourite, rating, tags, collections, notes, the trash. Each is kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.trash_bar import put, take_back
from pages.shared.whole import whole
from pages.shared.words import UNFINISHED

if TYPE_CHECKING:
    from services.generations import Generation


def marks(generation: Generation) -> None:
    """Show the marks, to be changed."""
    id = generation.id
    if generation.trashed_at is not None:
        st.info(_("This lies in the trash. It can be taken back for 30 days after it was put there."))
    tags, collection_ids = mine().marks.of(generation.seq)
    names = {one.id: one.name for one in mine().marks.collections()}
    with st.container(horizontal=True, vertical_alignment="center", key="marks"):
        st.button(
            _("Favourite") if generation.favourite else _("Make it a favourite"),
            key="favourite",
            icon=":material/favorite:" if generation.favourite else ":material/favorite_border:",
            type="primary" if generation.favourite else "secondary",
            on_click=_favourite,
            args=(id, not generation.favourite),
        )
        _take("rating", None if generation.rating is None else generation.rating - 1)
        st.feedback("stars", key="rating", on_change=_rate, args=(id,))
        _move(generation)
    left, right = st.columns(2)
    with left:
        _take("tags", tags)
        st.multiselect(
            _("Tags"),
            sorted({*mine().marks.tags(), *tags}),
            key="tags",
            accept_new_options=True,
            placeholder=_("Choose, or type a new one"),
            on_change=_tag,
            args=(id,),
        )
    with right:
        _take("collections", [names[one] for one in collection_ids])
        st.multiselect(
            _("Collections"),
            sorted(names.values()),
            key="collections",
            accept_new_options=True,
            placeholder=_("Choose, or type a new one"),
            on_change=_collect,
            args=(id,),
        )
    _take("notes", generation.notes)
    st.text_area(_("Notes"), key="notes", height=80, max_chars=4_000, on_change=_note, args=(id,))


def _take(key: str, value: object) -> None:
    """Give a widget what is kept, unless it shows that already: setting it takes away what is being typed."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _move(generation: Generation) -> None:
    if generation.trashed_at is not None:
        st.button(
            _("Take out of the trash"),
            key="take-back",
            icon=":material/undo:",
            on_click=take_back,
            args=([generation.id],),
        )
    elif generation.state not in UNFINISHED:
        st.button(
            _("Put into the trash"), key="throw-away", icon=":material/delete:", on_click=put, args=([generation.id],)
        )


@whole
def _favourite(id: str, favourite: bool) -> None:
    tried(lambda: mine().marks.set_favourite(id, favourite))


@whole
def _rate(id: str) -> None:
    stars = st.session_state.rating
    tried(lambda: mine().marks.rate(id, None if stars is None else stars + 1))


@whole
def _tag(id: str) -> None:
    tried(lambda: mine().marks.set_tags(id, st.session_state.tags))


@whole
def _collect(id: str) -> None:
    def into_them() -> None:
        held = mine().marks
        held.set_collections(id, [held.make_collection(name) for name in st.session_state.collections])

    tried(into_them)


@whole
def _note(id: str) -> None:
    tried(lambda: mine().marks.note(id, st.session_state.notes))
