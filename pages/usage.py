"""Usage: tokens by day and model. What is unknown is counted apart, and so is the demo."""

import streamlit as st

from pages.shared.budget_view import budgets_panel
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.usage_view import by_day_chart, by_model_table, rewrites, totals

DAYS = (7, 30, 90)

st.title(_("Usage"))
days = st.radio(
    _("Days"),
    DAYS,
    index=1,
    key="days",
    bind="query-params",
    horizontal=True,
    format_func={days: _("{days} days").format(days=days) for days in DAYS}.__getitem__,
    label_visibility="collapsed",
)
rows = mine().usage.by_day_and_model(days=days)
real = [row for row in rows if not row.demo]
demo = [row for row in rows if row.demo]

if not rows:
    st.info(_("No figures yet. They appear with the first answer."), icon=":material/bar_chart:")
if real:
    totals(real)
    by_day_chart(real, days)
    by_model_table(real)
    st.caption(_("Tokens are not the price: many endpoints bill a video by the call or by the second."))
if demo:
    st.header(_("Demo endpoint"))
    st.caption(_("Costs nothing and is never mixed with the figures above."))
    by_model_table(demo)
rewrites(mine().enhancer.used(days))
budgets_panel()
st.page_link("what_works.py", label=_("What works for me"), icon=":material/insights:")
