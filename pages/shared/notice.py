"""One notice at the top of a page, left by a callback and shown once."""

from __future__ import annotations

import streamlit as st

from pages.shared.errors import explain
from services.errors import DailiesError

_KEY = "notice"


def notice(text: str, *, bad: bool = False) -> None:
    """Leave a sentence of ours (never foreign text) for the coming run."""
    st.session_state[_KEY] = (text, bad)


def notice_error(error: DailiesError) -> None:
    """Leave the sentence that explains an error."""
    notice(explain(error), bad=True)


def show_notice() -> None:
    """Show what was left, once."""
    left = st.session_state.pop(_KEY, None)
    if left:
        text, bad = left
        (st.error if bad else st.success)(text, icon=":material/error:" if bad else ":material/check:")
