"""The line beneath Generate that says a budget is nearly, or wholly, used."""

from __future__ import annotations

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.runtime import mine


def budget_line(endpoint_id: str, collection: str, *, demo: bool) -> None:
    """Say beneath Generate that a budget is nearly, or wholly, used; of several the fullest. The demo costs nothing."""
    tight = [] if demo else mine().budgets.tight(endpoint_id, collection)
    if not tight:
        return
    from pages.shared.budget_view import ICONS  # most visits have no budget to speak of
    from pages.shared.budget_words import how_far, named, renews

    first = tight[0]
    what = _("Used up: {which}.") if first.level == "reached" else _("Nearly used up: {which}.")
    with st.container(horizontal=True, vertical_alignment="center", key="budget-line"):
        st.caption(
            f"{ICONS[first.level]} " + together(what.format(which=named(first.budget)), how_far(first), renews(first)),
            width="stretch",
        )
        st.page_link("settings.py", label=_("Budgets"), icon=":material/savings:")
