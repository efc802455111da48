"""Keeps the Queue page true: looks every two seconds and runs the page again only when something moved."""

from __future__ import annotations

import streamlit as st

from pages.shared.runtime import mine


@st.fragment(run_every=2.0)
def watch_queue(shown: list[tuple[str, str]]) -> None:
    """Run the page again when what is unfinished is no longer what is shown (ids with their states, in order)."""
    if mine().generations.standing() != shown:
        st.rerun()
