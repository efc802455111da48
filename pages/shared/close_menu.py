"""On a phone the menu folds away after a tap on one of its links; Streamlit does so for its own menu only."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_COMPONENT = st.components.v2.component(
    "close_menu", js=(Path(__file__).parent / "components" / "close_menu.js").read_text("utf-8")
)


def close_menu_on_phones() -> None:
    """Watch the menu's links; shows nothing itself."""
    with st.sidebar:
        _COMPONENT(key="close-menu", height=1)
