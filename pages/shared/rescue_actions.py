"""What the buttons of the rescue desk do. Each is one service call; what was done is told in one sentence."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.nonce import new_nonce
from pages.shared.notice import clear_notice, notice, notice_error
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import ConfirmationError, DailiesError
from services.generations.rescue import Charged

ANSWERS: Final = {"unsaid": Charged.NOT_SAID, "yes": Charged.YES, "no": Charged.NO}
_DOUBLE_CLICK_SECONDS: Final = 5.0


def picked(ids: Sequence[str]) -> list[str]:
    """Return those of the ids whose box is ticked."""
    return [id for id in ids if st.session_state.get(f"pick-{id}")]


@whole
def pick_all(ids: Sequence[str]) -> None:
    """Tick every box, or none if all are ticked."""
    ticked = len(picked(ids)) < len(ids)
    for id in ids:
        st.session_state[f"pick-{id}"] = ticked


@whole
def fetch_again(ids: Sequence[str]) -> None:
    """Try again to save the failed videos of these."""
    count = _done(lambda: mine().rescue.fetch_again(ids))
    if count == 0:
        notice(_("There was no link to try again. Open the provider's page and paste what you find."))
    elif count:
        notice(ngettext("{count} video is being saved.", "{count} videos are being saved.", count).format(count=count))


@whole
def mark(ids: Sequence[str], answer: str) -> None:
    """Note what the bill says of these."""
    if _done(lambda: mine().rescue.mark(ids, ANSWERS[answer])) is not None:
        notice(ngettext("Noted for {count} prompt.", "Noted for {count} prompts.", len(ids)).format(count=len(ids)))


@whole
def mark_one(id: str) -> None:
    """Note what was just chosen for this one."""
    _done(lambda: mine().rescue.mark([id], ANSWERS[st.session_state[f"charged-{id}"]]))


@whole
def dismiss(ids: Sequence[str]) -> None:
    """Be done with these; the next run offers to take it back."""
    if _done(lambda: mine().rescue.dismiss(ids)):
        st.session_state.put_away = list(ids)


@whole
def bring_back(ids: Sequence[str]) -> None:
    """Put these on the desk again."""
    st.session_state.pop("put_away", None)
    _done(lambda: mine().rescue.bring_back(ids))


@whole
def send_again(ids: Sequence[str], *, confirmed: bool = False) -> None:
    """Send these once more; ask first where any may be charged twice."""
    try:
        sent = mine().rescue.send_again({id: _ticket(id) for id in ids}, confirmed=confirmed)
    except ConfirmationError:
        st.session_state.asking_many = list(ids)
        return
    except DailiesError as error:
        notice_error(error)
        return
    st.session_state.pop("asking_many", None)
    for id in ids:
        st.session_state[f"pick-{id}"] = False
    count = len(sent.ids)
    notice(ngettext("{count} prompt is on its way.", "{count} prompts are on their way.", count).format(count=count))


@whole
def attach(id: str, read: str, urls: Sequence[str]) -> None:
    """Keep what was pasted with this one, and have the ticked links saved.

    Other words than those that were `read` are read first: the page shows what is in them, and asks again.
    """
    if st.session_state[f"paste-{id}"] != read:
        return
    chosen = [url for url in urls if st.session_state.get(take_key(url))]
    attached = None

    def keep() -> int:
        nonlocal attached
        attached = mine().rescue.attach(id, st.session_state[f"paste-{id}"], chosen)
        return attached.videos

    if _done(keep) is None or attached is None:
        return
    st.session_state[f"paste-{id}"] = ""
    if attached.videos:
        notice(_("Attached. The video is being saved to this prompt."))
    elif attached.known:
        notice(_("Attached. This link was known already."))
    else:
        notice(_("The text is kept with this prompt."))


def take_key(url: str) -> str:
    """Return the key of the box that chooses a link."""
    return f"take-{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def _ticket(id: str) -> str:
    """Return the ticket to send this one again with; the second click of a double click gets the first one's."""
    tickets = st.session_state.setdefault("rescue_tickets", {})
    nonce, at = tickets.get(id, ("", 0.0))
    if not nonce or time.monotonic() - at > _DOUBLE_CLICK_SECONDS:
        nonce = new_nonce()
    tickets[id] = (nonce, time.monotonic())
    return str(nonce)


def _done(action: Callable[[], int]) -> int | None:
    """Do it; on refusal leave the reason as a notice and return None."""
    clear_notice()
    try:
        return action()
    except DailiesError as error:
        notice_error(error)
        return None
