"""Which time the Usage page tells of: a choice that stays in the address."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.address import from_address, into_address
from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.whole import whole
from pages.shared.zone import here_and_now
from services.usage.spans import Reach

if TYPE_CHECKING:
    from services.usage.reading import Span, Usage

DAYS, SEPARATOR = "days", ".."
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
        reach = from_address("range", [str(one) for one in Reach], Reach.MONTH.value)
        st.selectbox(
            _("Which time"),
            [str(one) for one in Reach],
            key="range",
            on_change=into_address,
            args=("range", Reach.MONTH.value),
            format_func=lambda one: _(NAMES[Reach(one)]),
            label_visibility="collapsed",
            width=240,
        )
        own = _own(now.date()) if reach == Reach.OWN else None
    return usage.span(Reach(reach), now, own=own)


def _own(today: dt.date) -> tuple[dt.date, dt.date]:
    """Ask for the first and the last day; half an answer is one day. Both stand in the address."""
    said = told_days(st.query_params.get(DAYS, ""), today) or (today - dt.timedelta(days=13), today)
    shown = st.session_state.get("own-days")
    if shown is None or (len(shown) == 2 and shown != said):  # not while one of the two is chosen
        st.session_state["own-days"] = said
    given = st.date_input(
        _("From … to …"),
        max_value=today,
        key="own-days",
        on_change=_keep_days,
        label_visibility="collapsed",
        width=260,
    )
    days = [one for one in (given if isinstance(given, tuple) else (given,)) if isinstance(one, dt.date)]
    return (days[0], days[-1]) if days else said


@whole
def _keep_days() -> None:
    days = st.session_state["own-days"]
    if len(days) == 2:
        st.query_params[DAYS] = SEPARATOR.join(day.isoformat() for day in days)


def told_days(told: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day that an address tells, None if it tells no such days.

    >>> told_days("2026-01-30..2026-02-02", dt.date(2026, 3, 1))
    (datetime.date(2026, 1, 30), datetime.date(2026, 2, 2))
    >>> [told_days(told, dt.date(2026, 3, 1)) for told in ("", "2026-01-30", "2026-01-30..9999-01-01", "a..b")]
    [None, None, None, None]
    """
    try:
        first, last = map(dt.date.fromisoformat, told.split(SEPARATOR))
    except ValueError:
        return None
    return (first, last) if first <= last <= today else None
