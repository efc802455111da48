"""What the buttons of a batch do. Each is one service call; a refusal becomes a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.collections_view import send_to
from pages.shared.i18n import ngettext
from pages.shared.nonce import new_nonce
from pages.shared.notice import clear_notice, notice, notice_error
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import DailiesError

if TYPE_CHECKING:
    from services.generations.batch import Ready


@whole
def ask() -> None:
    """Open the one question before a batch is sent."""
    st.session_state.asking_batch = True


@whole
def forget() -> None:
    """Close the question; nothing is sent."""
    st.session_state.pop("asking_batch", None)


@whole
def send(batch: Ready) -> None:
    """Send the whole batch; on refusal nothing of it is sent and all that was typed stays."""
    forget()
    clear_notice()
    try:
        mine().batches.send(batch, collection=send_to())
    except DailiesError as error:
        notice_error(error)
        return
    count = len(batch.rows)
    notice(ngettext("{count} prompt is on its way.", "{count} prompts are on their way.", count).format(count=count))


@whole
def again() -> None:
    """Let the same prompts be another batch, on purpose."""
    st.session_state.again = new_nonce()


@whole
def cancel_rest(batch_id: str) -> None:
    """Cancel what has not been sent of a batch; what runs goes on."""
    clear_notice()
    try:
        count = mine().batches.cancel_rest(batch_id)
    except DailiesError as error:
        notice_error(error)
        return
    notice(
        ngettext("{count} waiting prompt cancelled.", "{count} waiting prompts cancelled.", count).format(count=count)
    )
