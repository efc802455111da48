"""Send again, with a question first where it may be charged twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import send_again
from pages.shared.i18n import gettext as _
from pages.shared.whole import whole
from pages.shared.words import UNFINISHED, money

if TYPE_CHECKING:
    from services.generations import Generation


def resend(generation: Generation) -> None:
    """Offer to send the same words once more; the service decides whether to ask."""
    if generation.state in UNFINISHED:
        return
    st.button(_("Send again"), key="again", icon=":material/replay:", on_click=send_again, args=(generation.id,))
    if st.session_state.get("asking") == generation.id:
        _ask(generation)


@whole
def _forget() -> None:
    st.session_state.pop("asking", None)


def _ask(generation: Generation) -> None:
    @st.dialog(_("Send it again?"), on_dismiss=_forget, icon=":material/payments:")
    def question() -> None:
        st.markdown(money(generation))
        st.markdown(_("If you send it again, it may be charged a second time."))
        with st.container(horizontal=True):
            yes = st.button(
                _("Yes, send it again"),
                key="again-yes",
                type="primary",
                on_click=send_again,
                args=(generation.id,),
                kwargs={"confirmed": True},
            )
            no = st.button(_("No"), key="again-no", on_click=_forget)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    question()
