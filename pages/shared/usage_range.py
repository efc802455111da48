"""Which time the Usage page tells of: a choice that stays in the address."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.zone import here_and_now
from services.usage.spans import Reach

if TYPE_CHECKING:
    from services.usage import Span, Usage

NAMES: Final = {
    Reach.WEEK: N_("The last 7 days"),
    Reach.MONTH: N_("The last 30 days"),
    Reach.QUARTER: N_("The last 90 days"),
    Reach.THIS_MONTH: N_("This month"),
    Reach.LAST_MONTH: N_("Last month"),
    Reach.YEAR: N_("The last 12 months"),
    Reach.ALL: N_("All there is"),
    Reach.OWN: N_("From … to …"),
}


def chosen_span(usage: Usage) -> Span:
    """Let the reader choose, and return the span; its days are the reader's own."""
    now = here_and_now()
    with st.container(horizontal=True, vertical_alignment="center", key="usage-range"):
        reach = st.selectbox(
            _("Which time"),
            [str(one) for one in Reach],
            index=1,
            key="range",
            bind="query-params",
            format_func=lambda one: _(NAMES[Reach(one)]),
            label_visibility="collapsed",
            width=240,
        )
        own = _own(now.date()) if reach == Reach.OWN else None
    return usage.span(Reach(reach), now, own=own)


def _own(today: dt.date) -> tuple[dt.date, dt.date]:
    """Ask for the first and the last day; half an answer is one day."""
    given = st.date_input(
        _("From … to …"),
        (today - dt.timedelta(days=13), today),
        max_value=today,
        key="own-days",
        label_visibility="collapsed",
        width=260,
    )
    days = [one for one in (given if isinstance(given, tuple) else (given,)) if isinstance(one, dt.date)]
    return (days[0], days[-1]) if days else (today, today)
