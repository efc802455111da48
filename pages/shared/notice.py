"""One notice at the top of a page, left by a callback.

It stays for a few seconds of reruns: a live answer that ends right then causes one, and must not wipe it away.
"""

from __future__ import annotations

import time
from typing import Final

import streamlit as st

from pages.shared.errors import explain, explain_code
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.runtime import get_runtime
from services.errors import DailiesError, StoreError
from services.trouble import UNSENT

_KEY: Final = "notice"
_SECONDS: Final = 6.0
# Whoever pressed a button far down a page sees why it was refused: the notice stays on the screen while one scrolls.
_STAYS: Final = st.components.v2.component(
    "notice",
    css="""[data-testid=stLayoutWrapper]:has(> .st-key-notice) { position: sticky; top: 3.5rem; z-index: 99; }
.st-key-notice { background: Canvas; border-radius: 0.5rem; }
.st-key-notice-stays { display: none; }""",
    isolate_styles=False,
)


def notice(text: str, *, bad: bool = False) -> None:
    """Leave a sentence of ours (never foreign text) for the coming runs."""
    st.session_state[_KEY] = (text, bad, time.monotonic())


def notice_error(error: DailiesError) -> None:
    """Leave the sentence that explains an error; less where the banner of a database in trouble says the rest."""
    if isinstance(error, StoreError) and error.unsent:
        why = _(UNSENT) if error.code == get_runtime().trouble else explain(error)
        notice(together(why, _("Your words stay where they are.")), bad=True)
    else:
        notice(explain(error), bad=True)


def clear_notice() -> None:
    """Take the last notice away: something newer has happened."""
    st.session_state.pop(_KEY, None)


def show_trouble() -> None:
    """Say so while the database cannot save, or what arrived is in memory only; it goes away by itself."""
    runtime = get_runtime()
    if runtime.unsaved or runtime.trouble:
        _trouble((runtime.unsaved, runtime.trouble))


@st.fragment(run_every=2.0)
def _trouble(shown: tuple[bool, str | None]) -> None:
    runtime = get_runtime()
    if (runtime.unsaved, runtime.trouble) != shown:
        st.rerun()
    unsaved, code = shown
    with st.container(key="store-trouble"):
        if unsaved:
            said = _("Not saved yet: the newest words are in memory. Saving is tried again by itself; nothing is lost.")
            st.warning(
                together(said, explain_code(code) if code else ""),
                icon=":material/sync_problem:",
            )
        elif code:
            st.warning(explain_code(code), icon=":material/database:")


def show_standby() -> None:
    """Say so while another server on this data folder does the work; the sentence goes away by itself."""
    if get_runtime().stands_by:
        _standby()


@st.fragment(run_every=2.0)
def _standby() -> None:
    if not get_runtime().stands_by:
        st.rerun()
    st.info(
        _("Another Dailies on this data folder does the work. This one goes on with it when that one ends."),
        icon=":material/group_work:",
    )


def show_notice() -> None:
    """Show what was left, if it is still fresh."""
    text, bad, at = st.session_state.get(_KEY, ("", False, 0.0))
    if not text:
        return
    if time.monotonic() - at > _SECONDS:
        clear_notice()
    else:
        with st.container(key="notice"):
            (st.error if bad else st.success)(text, icon=f":material/{'error' if bad else 'check'}:")
            _STAYS(key="notice-stays", height=1)
