"""The viewer's clock, as the browser tells it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import streamlit as st


def offset_minutes() -> int:
    """Return what to add to UTC for the viewer's wall clock, in minutes (the browser counts the other way)."""
    return -int(st.context.timezone_offset or 0)


def here_and_now() -> dt.datetime:
    """Return the present on the viewer's wall clock, in the viewer's zone: its summer time too, where we know it."""
    return dt.datetime.now(_zone())


def _zone() -> dt.tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ValueError, KeyError, OSError):  # none is told, or this machine has no list of zones
        return dt.timezone(dt.timedelta(minutes=offset_minutes()))
