"""What became of a batch that is on its way, planned or over already: nothing sends it twice by accident."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.batch_actions import again
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.night_words import how_far, span
from pages.shared.runtime import mine
from pages.shared.words import moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.generations.batch import Ready


def sent_already(batch: Ready, sent_at: dt.datetime) -> None:
    """Say when it was sent, or for which night it was planned, and offer to send it once more on purpose."""
    night = mine().nights.of_batch(batch.id)
    if night is None:
        said = _("Sent {when}. The same prompts are not sent a second time unless you say so.").format(
            when=moment(sent_at, offset_minutes())
        )
    else:
        planned = _("Night shift of {span}.").format(span=span(night.from_at, night.until_at))
        said = together(planned, how_far(mine().nights.standing(night)))
    st.success(said, icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("in_progress.py", label=_("To the Queue"), icon=":material/schedule:")
        st.button(_("Send them once more"), key="batch-again", icon=":material/replay:", on_click=again)
