"""Budgets as bars: where each stands. Nothing is drawn where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.budget_words import how_far, named, renews, untold
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.people import administers
from pages.shared.runtime import mine

if TYPE_CHECKING:
    from services.budgets.kept import Standing

ICONS: Final = {
    "ok": ":material/savings:",
    "near": ":orange[:material/warning:]",
    "reached": ":red[:material/block:]",
}


def budgets_panel() -> None:
    """Show where every budget stands: the part of the Usage page that is about them."""
    standings = mine().budgets.standings()
    if standings:
        st.header(_("Budgets"), anchor=False)
    for standing in standings:
        budget_bar(standing)
    if not administers():
        return
    label = _("Change budgets") if standings else _("Set a budget")
    st.page_link("settings.py", label=label, icon=":material/savings:")


def budget_bar(standing: Standing) -> None:
    """Show how much of one budget is taken, in words and as a bar."""
    st.markdown(f"{ICONS[standing.level]} **{named(standing.budget)}**")
    if standing.limit is not None:
        st.progress(min(1.0, standing.share))
    st.caption(together(how_far(standing), renews(standing), untold(standing)))
