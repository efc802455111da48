"""The way to the rescue desk, shown only while something there waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from services.generations.rescue import COUNTED

if TYPE_CHECKING:
    from services.generations import Generation

ICON = ":material/healing:"


def rescue_link() -> None:
    """Offer the desk and say how many wait there; nothing when none does."""
    count = mine().rescue.count()
    if count:
        shown = str(count) if count < COUNTED else f"{COUNTED - 1}+"
        st.page_link("rescue.py", label=_("Rescue ({count})").format(count=shown), icon=ICON)


def rescue_one_link(generation: Generation) -> None:
    """Offer the desk for this one, if it wants rescuing."""
    if mine().rescue.is_unhappy(generation.id):
        st.page_link("rescue.py", label=_("Rescue it"), icon=ICON, query_params={"id": generation.id})
