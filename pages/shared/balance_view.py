"""What is left at an endpoint, as it told: its own figures and unit, with their age; nothing where it tells none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.place_words import hour
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import around, moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.endpoint.balance import Balance
    from services.endpoint.balances import Known
    from services.endpoint.views import EndpointView


def left_line(known: Known | None) -> None:
    """Show what is left in one quiet line, with its age; nothing where the endpoint tells none."""
    if known is not None:
        st.caption(f"{left(known.balance)} · {age(known)}")


def models_of(known: Known | None, chosen: str, listed: list[str]) -> list[str]:
    """Return the models to offer: those the key may use, if it is limited, the chosen one first."""
    allowed = None if known is None else known.balance.models
    if allowed is None:
        return listed
    fit = [name for name in listed if name in allowed] or list(allowed)
    return list(dict.fromkeys([chosen, *fit]))


def model_not_allowed(known: Known | None, model: str) -> None:
    """Warn where the key may not use the chosen model, by what the endpoint told."""
    allowed = None if known is None else known.balance.models
    if allowed is not None and model not in allowed:
        st.caption(f":material/key_off: {_('By what the endpoint told, this key may not use this model.')}")


def balance_section(endpoint: EndpointView) -> None:
    """Show all an endpoint told of a key, and let it be asked anew."""
    known = mine().balances.known(endpoint)
    if known is None:
        return
    balance = known.balance
    with st.container(border=True, key=f"balance-{endpoint.id}"):
        st.markdown(f"**{left(balance)}**")
        facts = [age(known)]
        if balance.used is not None:
            facts.append(_("used so far: {amount}").format(amount=amount(balance.used, balance.unit)))
        if balance.expires_at is not None:
            facts.append(_("the key expires {time}").format(time=moment(balance.expires_at, offset_minutes())))
        if balance.models is not None:
            facts.append(_("it may use {count} models").format(count=len(balance.models)))
        st.caption(" · ".join(facts))
        if not balance.unit and balance.left is not None:
            st.caption(_("The endpoint does not say in which currency; look at its own page."))
        if known.trouble:
            st.caption(_("It could not be asked again just now; this is what it told last."))
        st.button(
            _("Ask again"), key=f"ask-{endpoint.id}", icon=":material/refresh:", on_click=ask_again, args=(endpoint.id,)
        )


def balances_panel() -> None:
    """Show, for the Usage page, what is left at each endpoint that tells it."""
    told = [(one, known) for one in mine().endpoints.list() if (known := mine().balances.known(one)) is not None]
    if told:
        st.header(_("Left at the endpoints"))
        for endpoint, known in told:
            st.markdown(f"{plain(endpoint.name, 60)}: **{left(known.balance)}** · {age(known)}")
        st.caption(_("Their own figures; they may count what was sent elsewhere with the same key."))


@whole
def ask_again(endpoint_id: str) -> None:
    """Ask an endpoint now; a relay that is asked too often refuses, so not more than once in a few minutes."""
    endpoint = mine().endpoints.get(endpoint_id)
    asked = mine().balances.ask(endpoint)
    known = mine().balances.known(endpoint)
    if not asked:
        notice(_("It was asked a moment ago. Relays allow few such questions; try again in about three minutes."))
    elif known is None or known.trouble:
        notice(explain_code(known.trouble, free=True) if known and known.trouble else _("The endpoint tells none."))
    else:
        notice(left(known.balance))


def left(balance: Balance) -> str:
    """Return what is left, in plain words."""
    if balance.left is None:
        return _("No limit on this key") if balance.unlimited else _("Unknown what is left")
    return _("{amount} left").format(amount=amount(balance.left, balance.unit))


def amount(value: Decimal, unit: str) -> str:
    """Return a relay's figure as it would write it; its unit is foreign text.

    >>> amount(Decimal("1234.5"), "USD"), amount(Decimal("0.00421"), ""), amount(Decimal("1250000"), "quota")
    ('1,234.50 USD', '0.0042', '1,250,000 quota')
    """
    small = value != 0 and abs(value) < Decimal("0.1")
    places = 0 if unit == "quota" else 4 if small else 2
    return f"{value:,.{places}f} {plain(unit, 10)}".rstrip()


def age(known: Known) -> str:
    """Return how old a figure is, and when it was told."""
    if known.read_at is None:
        return _("unknown")
    seconds = max(0.0, (dt.datetime.now(dt.UTC) - known.read_at).total_seconds())
    return _("told {age} ago, at {time}").format(age=around(seconds), time=hour(known.read_at, seconds=False))
