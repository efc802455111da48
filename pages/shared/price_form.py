"""The form of one price, with examples to see how one is written: nothing of them is used by itself."""

from __future__ import annotations

import datetime as dt
from typing import Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.price_words import BASES, price_said
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import endpoint_name
from services.usage.examples import EXAMPLES, NOTE
from services.usage.prices import Draft, PriceRule

_REPLACES: Final = "price-replaces"


def price_form(names: dict[str, str]) -> None:
    """Ask for what is charged, how much, and from when."""
    _begin()
    replaces = bool(st.session_state.get(_REPLACES))
    st.subheader(_("Change this price") if replaces else _("Add a price"))
    choices = {"": _("Any endpoint")} | {
        view.id: endpoint_name(view.name, demo=False) for view in mine().endpoints.list() if not view.demo
    }
    left, right = st.columns(2)
    left.selectbox(_("Endpoint"), list(choices), key="price-endpoint", format_func=choices.__getitem__)
    right.text_input(
        _("Model"),
        key="price-model",
        placeholder="sora-2*",
        help=_("Its name; * stands for any letters. The rule that names more of a model goes before the others."),
    )
    bases = {basis: _(name) for basis, name in BASES.items()}
    st.radio(_("Charged by"), list(bases), key="price-basis", format_func=bases.__getitem__, horizontal=True)
    _amounts(st.session_state["price-basis"])
    left, right = st.columns(2)
    left.date_input(
        _("From this day on"),
        key="price-from",
        format="YYYY-MM-DD",
        help=_("Days begin at midnight UTC. A prompt has the price of the day it is sent."),
    )
    right.text_input(_("Note"), key="price-note", placeholder=_("where you read it"), max_chars=500)
    with st.container(horizontal=True):
        st.button(_("Save the price"), key="price-save", type="primary", on_click=_save)
        if replaces:
            st.button(_("Leave it as it was"), key="price-leave", on_click=_leave)
    _examples()


def fill(draft: Draft, *, instead_of: str = "") -> None:
    """Put a price into the form."""
    said = {
        "endpoint": draft.endpoint_id,
        "model": draft.model,
        "basis": draft.basis,
        "amount": draft.price,
        "completion": draft.completion_price,
        "note": draft.note,
    }
    for name, value in said.items():
        st.session_state[f"price-{name}"] = value
    if draft.currency:
        st.session_state["price-currency"] = draft.currency
    st.session_state["price-from"] = dt.date.fromisoformat(draft.valid_from) if draft.valid_from else _today()
    st.session_state[_REPLACES] = instead_of


def _begin() -> None:
    """Fill the form of a new visit; the currency is the one used last."""
    if "price-model" in st.session_state:
        return
    rules = mine().prices.rules()
    fill(Draft(model="", basis="per_call", currency=rules[-1].currency if rules else ""))


def _amounts(basis: str) -> None:
    if basis == "unknown":
        st.caption(_("Then what these cost is said to be unknown, whatever the other rules say."))
        return
    first, second, third = st.columns(3)
    labels = {"per_second": _("Price of a second"), "per_token": _("Price of a million prompt tokens")}
    first.text_input(labels.get(basis, _("Price of one")), key="price-amount", placeholder="0.30")
    if basis == "per_token":
        second.text_input(_("Price of a million answer tokens"), key="price-completion", placeholder="10")
    (third if basis == "per_token" else second).text_input(_("Currency"), key="price-currency", placeholder="USD")


def _examples() -> None:
    with st.expander(_("Examples: made up, and used for nothing until you save one as yours")):
        for number, (name, draft) in enumerate(EXAMPLES.items()):
            said = price_said(draft.basis, draft.price or None, draft.completion_price or None, draft.currency)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{_(name)}: {plain(draft.model)} · {said}", width="stretch")
                st.button(_("Start from it"), key=f"price-example-{number}", on_click=_take, args=(name,))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _typed() -> Draft:
    state = st.session_state
    day = state.get("price-from")
    return Draft(
        endpoint_id=state.get("price-endpoint") or "",
        model=state.get("price-model") or "",
        basis=state.get("price-basis") or "",
        price=state.get("price-amount") or "",
        completion_price=state.get("price-completion") or "",
        currency=state.get("price-currency") or "",
        valid_from=day.isoformat() if day else "",
        note=state.get("price-note") or "",
    )


@whole
def _save() -> None:
    replaces = st.session_state.get(_REPLACES) or None
    draft = _typed()
    kept: list[PriceRule] = []
    if tried(lambda: kept.append(mine().prices.save(draft, instead_of=replaces))):
        fill(Draft(model="", basis=draft.basis, currency=kept[0].currency))
        notice(_("Saved. It holds for what is sent from now on."))


@whole
def _leave() -> None:
    fill(Draft(model="", basis="per_call"))


@whole
def _take(name: str) -> None:
    from dataclasses import replace

    fill(replace(EXAMPLES[name], note=_(NOTE)))
