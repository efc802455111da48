"""One line beneath Generate when little is left at the endpoint. It never stops: the figure is the relay's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.balance_view import age, amount, left
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.runtime import mine
from pages.shared.send_price import expectation

if TYPE_CHECKING:
    from services.endpoint.balances import Known
    from services.endpoint.views import EndpointView
    from services.usage.low_balance import Warned


def low_balance(chosen: EndpointView) -> None:
    """Say so when what is left is less than this may cost, or does for few like it."""
    if chosen.demo or not chosen.has_token:
        return
    known = mine().balances.look(chosen)
    if known is None and mine().balances.awaited(chosen):
        _first_answer(chosen)
    if known is None or known.balance.left is None:
        return
    found = mine().balances.warned(chosen, known, expectation(chosen).amounts)
    if found is not None:
        st.caption(f":orange[:material/account_balance_wallet:] {warning(found, known)}")


@st.fragment(run_every=1.0)
def _first_answer(chosen: EndpointView) -> None:
    """Draw the page anew when the first answer is here: who has just set an endpoint up is to be warned too."""
    if not mine().balances.awaited(chosen):
        st.rerun()


def warning(found: Warned, known: Known) -> str:
    """Return the warning in one or two sentences."""
    cost = "" if found.cost is None else amount(found.cost.amount, found.cost.currency)
    if found.low == "empty":
        said = _("What is left is told as nothing ({age}): this will likely be refused.")
    elif found.low == "near":
        said = _("{left}: enough for {count} like this and no more ({age}).")
    elif found.expected:
        said = _("{left}, less than the {cost} this may cost ({age}).")
    else:
        said = _("{left}, less than the {cost} that the dearest of your last ones cost ({age}).")
    told = said.format(left=left(known.balance), cost=cost, count=found.more, age=age(known))
    unsaid = _("The endpoint does not say in which currency.") if found.cost and not known.balance.unit else ""
    return together(told, unsaid)
