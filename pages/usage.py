"""Usage: what was sent, what it took and what it cost. Sure, maybe and unknown stay apart, and so does the demo."""

import streamlit as st

from pages.shared.balance_view import balances_panel
from pages.shared.budget_view import budgets_panel
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.usage_chart import over_time
from pages.shared.usage_download import downloads
from pages.shared.usage_range import chosen_span
from pages.shared.usage_tables import breakdown, demo_table, maybe_charged, shelves, told_by
from pages.shared.usage_view import for_each, rewrites, totals
from services.usage.figures import counts

st.title(_("Usage"))
usage = mine().usage
span = chosen_span(usage)
sums = usage.sums(span.whole)
real = [one for one in sums if not one.line.demo]
demo = [one for one in sums if one.line.demo and counts(one)]
used = [one for one in real if counts(one)]
by = told_by()
daily = usage.daily(span) if by == "day" else []

if not sums:
    st.info(_("No figures here yet. They appear with the first answer."), icon=":material/bar_chart:")
if used:
    totals(used, unfinished=usage.unfinished())
    over_time(usage, span, used, daily)
    for_each(used)
    maybe_charged(used)
if real:
    breakdown(span, real, by, daily)
    shelves(used)
if demo:
    st.header(_("Demo endpoint"))
    st.caption(_("Costs nothing and is never mixed with the figures above."))
    demo_table(demo)
rewrites(mine().enhancer.used(span.edges[0], span.edges[-1]))
if sums:
    downloads(span)
budgets_panel()
balances_panel()
st.page_link("what_works.py", label=_("What works for me"), icon=":material/insights:")
