"""Keeps the Queue page true: looks every two seconds and runs the page again only when something moved."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.place_words import line_key
from pages.shared.runtime import mine


@st.fragment(run_every=2.0)
def watch_queue(shown: list[tuple[str, str]], line: Sequence[tuple[object, ...]] = ()) -> None:
    """Run the page again when what is unfinished is no longer what is shown (ids with their states, in order).

    `line` is what is shown of those that wait: their numbers, reasons and times.
    """
    if mine().generations.standing() != shown or (line and line_key(mine().line.places()) != list(line)):
        st.rerun()
