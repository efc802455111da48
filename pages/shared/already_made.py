""" "You already made this", beneath the prompt box: the old video, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_box import use_again
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts.composing import desk_of

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.already_made import Made


def already_made(
    prompt: str, model: str, *, picture: str, shown: Generation | None = None, another: Callable[[], object]
) -> None:
    """Show what was made of the same or nearly the same prompt with this model; nothing when there is none.

    `picture` is the hash of the one that goes with it, if any. `another` sends what is in the box, as Generate does.
    What was just sent from here is no news, nor are the very words of the newest of all, `shown` on the page anyway: a
    reload that finds them in the box is no second wish.
    """
    if not prompt.strip() or prompt in (st.session_state.get("not_news"), *st.session_state.get("nonce_used", ())[:1]):
        return
    found = mine().already_made.look(prompt, model, picture=picture)
    if not found or (found[0].same and shown is not None and _just_those(prompt, found[0].generation, shown)):
        return
    with st.container(border=True, key="already-made"):
        st.markdown(f"**{_heading(found[0])}**")
        if len(found) > 1:
            others = len(found) - 1
            st.caption(ngettext("and {count} like it", "and {count} like it", others).format(count=others))
        _one(found[0], another)


def _just_those(prompt: str, made: Generation, shown: Generation) -> bool:
    return made.id == shown.id and desk_of(shown).text.strip() == prompt.strip()


def _heading(made: Made) -> str:
    if made.generation.ended_at is None:
        return _("This very prompt is on its way already.") if made.same else _("Something like it is on its way.")
    return _("You already made this.") if made.same else _("You already made something very like it.")


def _one(made: Made, another: Callable[[], object]) -> None:
    from pages.shared.gallery import gallery  # most runs of Create show none
    from pages.shared.trash_bar import cards_moved

    generation = made.generation
    gallery([generation], key="made-card", on_moved=lambda: cards_moved("made-card"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "generation.py", label=_("Watch it"), icon=":material/play_circle:", query_params={"id": generation.id}
        )
        if not made.same:
            st.button(
                _("Use its words"),
                key="made-use",
                icon=":material/edit:",
                on_click=use_again,
                args=(generation.id,),
            )
        st.button(_("Take another"), key="made-go-on", icon=":material/movie:", on_click=_take, args=(another,))


@whole
def _take(another: Callable[[], object]) -> None:
    """Send it all the same, and say no more about this prompt."""
    st.session_state.not_news = st.session_state.get("prompt", "")
    another()
