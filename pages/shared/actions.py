"""What buttons do to a generation. Each is one service call; a refusal becomes a notice, never a traceback."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.shared.compose_desk import laid, written_in
from pages.shared.i18n import gettext as _
from pages.shared.nonce import new_nonce
from pages.shared.notice import clear_notice, notice, notice_error
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import ConfirmationError, DailiesError
from services.prompts.composing import desk_of
from services.prompts.desk import read


def tried(action: Callable[[], object]) -> bool:
    """Do it; on refusal leave the reason as a notice and return False."""
    clear_notice()
    try:
        action()
    except DailiesError as error:
        notice_error(error)
        return False
    return True


@whole
def cancel(generation_id: str) -> None:
    """Stop one generation, waiting or running."""
    tried(lambda: mine().generations.cancel(generation_id))


@whole
def undo(generation_id: str) -> None:
    """Take a held one back: the composer is as it was, fields included."""

    def take_back() -> None:
        generations = mine().generations
        generations.undo(generation_id)
        laid(desk_of(generations.get(generation_id)))

    if tried(take_back):
        notice(_("Taken back: nothing was sent. Your words are in the prompt box."))


@whole
def send_now(generation_id: str) -> None:
    """Let a held one go without waiting."""
    tried(lambda: mine().generations.send_now(generation_id))


@whole
def to_front(generation_id: str) -> None:
    """Let a waiting one go next."""
    tried(lambda: mine().generations.to_front(generation_id))


@whole
def fetch_again(video_id: str) -> None:
    """Save a video once more; that is free."""
    tried(lambda: mine().generations.fetch_again(video_id))


@whole
def pause() -> None:
    """Send nothing new until `resume`."""
    tried(mine().generations.pause)


@whole
def resume() -> None:
    """Send again."""
    tried(mine().generations.resume)


@whole
def send_again(generation_id: str, *, confirmed: bool = False) -> None:
    """Send the same words once more, as a new generation; ask first where it may be charged twice."""
    ticket = st.session_state.setdefault(f"again-{generation_id}", new_nonce())

    def again() -> None:
        st.session_state.opened = mine().generations.send_again(generation_id, nonce=ticket, confirmed=confirmed).id

    try:
        again()
    except ConfirmationError:
        st.session_state.asking = generation_id
    except DailiesError as error:
        notice_error(error)
    else:
        del st.session_state[f"again-{generation_id}"]
        st.session_state.pop("asking", None)


@whole
def stop_saving(video_id: str) -> None:
    """Stop the download of a video."""
    tried(lambda: mine().generations.stop_saving(video_id))


@whole
def keep_draft() -> None:
    """Keep what is in the box, unless it was kept while it was typed: a commit costs more than a look."""
    drafts = mine().drafts
    if drafts.load() != st.session_state.prompt:
        tried(lambda: drafts.save(st.session_state.prompt))


@whole
def into_the_box(prompt: str) -> None:
    """Put words into the prompt box of Create; what was there, fields included, can be put back."""
    laid(read("", prompt, written_in()))
