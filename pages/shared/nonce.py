"""The ticket that makes a double click send once.

The database refuses a ticket it has seen. A ticket is renewed after each accepted send, or the next, different prompt
would be taken for a double click. So that the second click of a double click does not travel on the new ticket, the
very same words within a moment after a send still carry the old one.
"""

from __future__ import annotations

import secrets
import time
from typing import Final

import streamlit as st

_DOUBLE_CLICK_SECONDS: Final = 1.5


def new_nonce() -> str:
    """Return a fresh ticket."""
    return secrets.token_urlsafe(16)


def nonce_for(prompt: str) -> str:
    """Return the ticket to send this prompt with."""
    used = st.session_state.get("nonce_used")
    if used and used[0] == prompt and time.monotonic() - used[2] < _DOUBLE_CLICK_SECONDS:
        return str(used[1])
    if "nonce" not in st.session_state:
        st.session_state.nonce = new_nonce()
    return str(st.session_state.nonce)


def accepted(prompt: str, nonce: str) -> None:
    """Note that a send was accepted: the next, other prompt gets a new ticket."""
    st.session_state.nonce_used = (prompt, nonce, time.monotonic())
    st.session_state.nonce = new_nonce()
