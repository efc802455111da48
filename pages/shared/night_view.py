"""Night shifts on a page: those that are planned or under way, and those that are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.night_words import caps, how_far, span
from pages.shared.notice import notice
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.generations.batch import begins

if TYPE_CHECKING:
    from services.generations import Generation
    from services.nights import Night

_SHOWN: Final = 10


def open_nights(waiting: list[Generation]) -> None:
    """Show each shift that is planned or under way, with its next prompts and the way to stop it."""
    for night in mine().nights.open():
        _open(night, [one for one in waiting if one.nonce.startswith(begins(night.batch_id))])


def _open(night: Night, waiting: list[Generation]) -> None:
    standing = mine().nights.standing(night)
    with st.container(border=True, key=f"night-{night.id}"):
        st.markdown(f"**{_('Night shift')}** · {span(night.from_at, night.until_at)}")
        st.caption(together(how_far(standing), caps(night)))
        if waiting:
            with st.expander(_("The next ones")):
                for one in waiting[:_SHOWN]:
                    st.text(shortened(one.prompt, 160))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Stop the night shift"),
                key=f"night-stop-{night.id}",
                icon=":material/stop:",
                on_click=_stop,
                args=(night.id,),
            )
            if standing.bill.sent:
                to_the_reel(night, _("What is there so far"))


def past_nights() -> None:
    """List the shifts that are over, each with its reel."""
    over = [night for night in mine().nights.newest() if night.state != "open"]
    if not over:
        st.caption(_("None yet."))
    for night in over:
        standing = mine().nights.standing(night)
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"past-night-{night.id}"):
            st.markdown(f"{span(night.from_at, night.until_at)} · {how_far(standing)}", width="stretch")
            to_the_reel(night, _("Morning reel"))


def to_the_reel(night: Night, label: str) -> None:
    """Link to the reel of a night."""
    st.page_link("reel.py", label=label, icon=":material/theaters:", query_params={"id": night.id})


@whole
def _stop(night_id: str) -> None:
    counted: list[int] = []
    if tried(lambda: counted.append(mine().nights.stop(night_id))):
        said = ngettext("{count} prompt will not be sent.", "{count} prompts will not be sent.", counted[0])
        notice(together(_("The night shift is stopped."), said.format(count=counted[0])))
