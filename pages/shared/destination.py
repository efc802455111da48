"""Where a prompt goes: endpoint, model and collection, shown and changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.balance_view import left_line, model_not_allowed, models_of
from pages.shared.collections_view import choose_send_to
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import endpoint_title

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView


@whole
def _choose() -> None:
    tried(lambda: mine().endpoints.choose(st.session_state.endpoint))


@whole
def _choose_model() -> None:
    endpoints = mine().endpoints
    model = (st.session_state.model or "").strip()
    if model:
        tried(lambda: endpoints.set_model(endpoints.chosen().id, model))


def demo_notice(chosen: EndpointView) -> None:
    """Say so while the demo endpoint answers, and where to set up another."""
    if not chosen.demo:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo-notice"):
        st.markdown(
            _("**The demo endpoint answers.** No endpoint is set up yet, so you get real files and nothing is paid."),
            width="stretch",
        )
        st.page_link("settings.py", label=_("Use your endpoint"), icon=":material/settings:")


def destination(chosen: EndpointView) -> None:
    """Show endpoint, model and collection. A model may be typed: lists are often incomplete."""
    endpoints = mine().endpoints
    known = {
        endpoint.id: endpoint
        for endpoint in endpoints.list()
        if endpoint.demo or endpoint.has_token or not endpoint.built_in
    }
    known.setdefault(chosen.id, chosen)
    names = {one.id: endpoint_title(one) for one in known.values()}
    balance = mine().balances.look(chosen) if chosen.has_token else None
    models = models_of(balance, chosen.model, list(dict.fromkeys([chosen.model, *chosen.models])))
    st.session_state.endpoint = chosen.id
    st.session_state.model = chosen.model
    left, middle, right = st.columns(3)
    with left:
        st.selectbox(_("Endpoint"), list(known), key="endpoint", format_func=names.__getitem__, on_change=_choose)
        left_line(balance)
    with middle:
        st.selectbox(_("Model"), models, key="model", accept_new_options=True, on_change=_choose_model)
        model_not_allowed(balance, chosen.model)
    with right:
        choose_send_to()
