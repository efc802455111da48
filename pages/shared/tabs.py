"""What a tab has sent, told to the line its live text keeps open, before the page has run again (ADR 0033)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

_Hear = Callable[[str], None]
_lock: Final = threading.Lock()
_lines: Final[dict[tuple[str, str], _Hear]] = {}  # by owner and tab


def this_tab() -> str:
    """Return the name of the tab that is looking: a secret of its session."""
    if "tab" not in st.session_state:
        st.session_state.tab = secrets.token_urlsafe(16)
    return str(st.session_state.tab)


def tell_tab(owner: str, tab: str, generation_id: str) -> None:
    """Tell the tab, if its line is open, what it has sent."""
    with _lock:
        hear = _lines.get((owner, tab))
    if hear is not None:
        hear(generation_id)


@contextmanager
def line_of(owner: str, tab: str, hear: _Hear) -> Iterator[None]:
    """Have `hear` called, from any thread, with the id of each generation the tab sends meanwhile."""
    with _lock:
        _lines[owner, tab] = hear  # the newest line of a tab counts: the one before it is a lost connection
    try:
        yield
    finally:
        with _lock:
            if _lines.get((owner, tab)) is hear:
                del _lines[owner, tab]
