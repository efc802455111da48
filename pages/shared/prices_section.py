"""Settings, Prices: what sending costs, by the person's own rules. Nothing is priced without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole

if TYPE_CHECKING:
    from services.usage.prices import PriceRule

_OLD_SHOWN: Final = 50


def prices_section() -> None:
    """Show the rules in use, the form for one more, and files; read only once it is opened."""
    section = st.expander(_("Prices"), icon=":material/payments:", key="prices", on_change="rerun")
    if not section.open:
        return
    with section:
        from pages.shared.price_files import price_files
        from pages.shared.price_form import price_form
        from pages.shared.reprice_form import reprice_form

        st.markdown(
            _(
                "Dailies knows no price by itself. Write what yours are: each sending is then estimated before, and its"
                " cost is kept with it afterwards. A new price changes nothing that is past."
            )
        )
        history = mine().prices.history()
        names = {view.id: view.name for view in mine().endpoints.list()}
        _in_use([rule for rule in history if rule.ended_at is None], names)
        price_form(names)
        price_files()
        if history:
            reprice_form()
        _past([rule for rule in history if rule.ended_at is not None], names)


def _in_use(rules: list[PriceRule], names: dict[str, str]) -> None:
    if not rules:
        st.info(_("No price is set, so every cost is unknown."), icon=":material/help:")
    for rule in rules:
        with st.container(border=True, key=f"price-{rule.id}"):
            _one(rule, names)
            with st.container(horizontal=True):
                st.button(
                    _("Change it"), key=f"change-{rule.id}", icon=":material/edit:", on_click=_change, args=(rule,)
                )
                st.button(_("End it"), key=f"end-{rule.id}", icon=":material/close:", on_click=_end, args=(rule.id,))


def _one(rule: PriceRule, names: dict[str, str]) -> None:
    from pages.shared.price_words import for_what, price_said

    endpoint = names.get(rule.endpoint_id, _("an endpoint that was removed")) if rule.endpoint_id else ""
    price, completion = (None if one is None else format(one, "f") for one in (rule.price, rule.completion_price))
    said = price_said(str(rule.basis), price, completion, plain(rule.currency, 8))
    st.markdown(f"**{said}**  \n{for_what(rule.model, endpoint)}")
    since = _("From {day} on").format(day=rule.valid_from.isoformat())
    st.caption(f"{since} · {plain(rule.note, 300)}" if rule.note else since)


def _past(rules: list[PriceRule], names: dict[str, str]) -> None:
    if not rules:
        return
    with st.expander(_("Prices used no more"), icon=":material/history:"):
        for rule in reversed(rules[-_OLD_SHOWN:]):
            _one(rule, names)


@whole
def _change(rule: PriceRule) -> None:
    from pages.shared.price_form import fill
    from services.usage.prices import draft_of

    fill(draft_of(rule), instead_of=rule.id)


@whole
def _end(rule_id: str) -> None:
    if tried(lambda: mine().prices.end(rule_id)):
        notice(_("This price is used no more. What it priced keeps its cost."))
