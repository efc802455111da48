"""The trash on the page: undo right after, how much lies there, and the question before anything goes for ever."""

from __future__ import annotations

import streamlit as st

from pages.shared.actions import tried
from pages.shared.gallery import moved
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.notice import notice
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import size


@whole
def cards_moved(key: str) -> None:
    """Put what a card's button said into the trash, or take it out."""
    ids, to_trash = moved(key)
    if to_trash:
        put(ids)
    elif tried(lambda: mine().trash.take_back(ids)):
        st.session_state.pop("thrown", None)


@whole
def put(ids: list[str]) -> None:
    """Put these into the trash; the page offers to take them back."""

    def into_trash() -> None:
        if gone := mine().trash.put(ids):
            st.session_state.thrown = gone

    tried(into_trash)


@whole
def take_back(ids: list[str]) -> None:
    """Take these out of the trash."""
    if tried(lambda: mine().trash.take_back(ids)):
        st.session_state.pop("thrown", None)


def undo_bar() -> None:
    """Offer to take back what was thrown away last."""
    if not (ids := st.session_state.get("thrown")):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="thrown-bar"):
        said = ngettext("{count} is in the trash.", "{count} are in the trash.", len(ids)).format(count=len(ids))
        st.markdown(said, width="stretch")
        st.button(_("Undo"), key="undo-trash", icon=":material/undo:", on_click=take_back, args=(ids,))


def trash_head() -> None:
    """Say how much lies in the trash, and offer to delete it for ever."""
    amount = mine().trash.amount()
    if not amount.generations:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="trash-head"):
        st.markdown(together(_what(None), _("After 30 days it goes by itself.")), width="stretch")
        st.button(_("Empty the trash…"), key="empty-trash", icon=":material/delete_forever:", on_click=_ask)
    if st.session_state.get("asking_trash"):
        _question()


@whole
def _ask() -> None:
    st.session_state.asking_trash = True


@whole
def _no() -> None:
    st.session_state.pop("asking_trash", None)


@whole
def _yes() -> None:
    st.session_state.pop("asking_trash", None)
    st.session_state.pop("thrown", None)

    def empty() -> None:
        count = mine().trash.delete_for_ever()
        notice(ngettext("{count} was deleted for ever.", "{count} were deleted for ever.", count).format(count=count))

    tried(empty)


def _what(ids: list[str] | None) -> str:
    amount = mine().trash.amount(ids)
    prompts = ngettext("{count} prompt with its answer", "{count} prompts with their answers", amount.generations)
    films = ngettext("{count} video ({size})", "{count} videos ({size})", amount.videos)
    return _("In the trash: {prompts}, {videos}.").format(
        prompts=prompts.format(count=amount.generations),
        videos=films.format(count=amount.videos, size=size(amount.size_bytes)),
    )


def _question() -> None:
    @st.dialog(_("Delete all of it for ever?"), on_dismiss=_no, icon=":material/delete_forever:")
    def question() -> None:
        st.markdown(_what(None))
        st.markdown(
            _("Their files go too, and nothing brings them back but a backup. Totals of usage stay as they are.")
        )
        with st.container(horizontal=True):
            yes = st.button(_("Yes, delete for ever"), key="empty-trash-yes", type="primary", on_click=_yes)
            no = st.button(_("No"), key="empty-trash-no", on_click=_no)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    question()
