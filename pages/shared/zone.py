"""The viewer's clock, as the browser tells it."""

from __future__ import annotations

import streamlit as st


def offset_minutes() -> int:
    """Return what to add to UTC for the viewer's wall clock, in minutes (the browser counts the other way)."""
    return -int(st.context.timezone_offset or 0)
