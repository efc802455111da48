"""One draft, or one earlier prompt, on the Drafts page; and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.compose_box import use_again
from pages.shared.compose_desk import desk, laid, turned
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services.prompts.composing import emptied

if TYPE_CHECKING:
    from services.generations import Generation
    from services.prompts.put_aside import Aside


def aside_card(one: Aside) -> None:
    """Show a draft that was put aside, with what can be done with it."""
    with st.container(border=True, key=f"aside-{one.id}", gap="xsmall"):
        st.text(shortened(one.desk.text, 240))
        st.caption(moment(one.kept_at, offset_minutes()))
        with st.container(horizontal=True):
            st.button(
                _("Take it up"), key=f"aside-take-{one.id}", icon=":material/edit:", on_click=_take, args=(one.id,)
            )
            st.button(
                _("Throw away"),
                key=f"aside-away-{one.id}",
                icon=":material/delete:",
                on_click=_throw_away,
                args=(one.id,),
            )


def past_card(generation: Generation) -> None:
    """Show a prompt that was sent, to be used again with its fields."""
    with st.container(border=True, key=f"past-{generation.id}", gap="xsmall"):
        st.text(shortened(generation.prompt, 240))
        st.caption(moment(generation.created_at, offset_minutes()))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Use again"),
                key=f"past-use-{generation.id}",
                icon=":material/edit:",
                on_click=_use,
                args=(generation.id,),
            )
            st.page_link(
                "generation.py",
                label=_("Watch it"),
                icon=":material/play_circle:",
                query_params={"id": generation.id},
            )


def undo_thrown_away() -> None:
    """Offer to bring back what was thrown away last."""
    id = st.session_state.get("draft_away")
    if not id:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="draft-away"):
        st.markdown(_("The draft is thrown away."), width="stretch")
        st.button(_("Undo"), key="draft-undo", icon=":material/undo:", on_click=_bring_back, args=(id,))


@whole
def put_aside() -> None:
    """Put what is on Create aside and clear the desk; Undo brings it back there too."""
    if tried(lambda: mine().aside.keep(desk())):
        st.session_state.recalled = -1
        turned(emptied, step=True)
        notice(_("Put aside. Drafts keeps it, fields and all."))


@whole
def _take(id: str) -> None:
    """Lay a draft on Create; what lay there can be put back."""

    def take() -> None:
        laid(mine().aside.take(id))

    if tried(take):
        st.session_state.draft_laid = True


@whole
def _throw_away(id: str) -> None:
    if tried(lambda: mine().aside.throw_away(id)):
        st.session_state.draft_away = id


@whole
def _bring_back(id: str) -> None:
    st.session_state.pop("draft_away", None)
    tried(lambda: mine().aside.bring_back(id))


@whole
def _use(generation_id: str) -> None:
    use_again(generation_id)
    st.session_state.draft_laid = True
