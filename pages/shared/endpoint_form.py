"""One endpoint: its fields, its test, its use. The token field is always empty; only "set" is ever shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.actions import tried
from pages.shared.balance_view import balance_section, models_of
from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.place_words import refusals_of
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.tested import show_test
from pages.shared.whole import whole
from services.jobs.patience import MOST_PER_MINUTE

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView


def manage(endpoint: EndpointView, *, in_use: bool) -> None:
    """Offer all that can be done with one endpoint."""
    if endpoint.demo:
        st.markdown(_("It lives inside Dailies, answers with real short videos and costs nothing."))
    elif endpoint.from_environment:
        st.markdown(_("It comes from the environment (DAILIES_BASE_URL, DAILIES_TOKEN) and is changed there."))
    else:
        endpoint_form(endpoint)
    with st.container(horizontal=True):
        if not in_use:
            st.button(
                _("Use this one"), key=f"use-{endpoint.id}", icon=":material/check:", on_click=_use, args=(endpoint.id,)
            )
        st.button(
            _("Test"), key=f"test-{endpoint.id}", icon=":material/network_check:", on_click=_test, args=(endpoint.id,)
        )
        if endpoint.has_token and not endpoint.from_environment:
            st.button(_("Forget token"), key=f"forget-token-{endpoint.id}", on_click=_forget_token, args=(endpoint.id,))
        if not endpoint.built_in and not endpoint.from_environment:
            st.button(
                _("Remove"),
                key=f"forget-{endpoint.id}",
                icon=":material/delete:",
                on_click=_forget,
                args=(endpoint.id,),
            )
    refusals_of(endpoint.id)
    balance_section(endpoint)
    if tested := st.session_state.get(f"tested-{endpoint.id}"):
        show_test(tested, endpoint)


def endpoint_form(endpoint: EndpointView | None) -> None:
    """Show the fields; a new endpoint starts from the documented request's values."""
    key = endpoint.id if endpoint else "new"
    built_in = endpoint is not None and endpoint.built_in
    if endpoint is not None and endpoint.token_unreadable:
        st.warning(explain_code("secret_unreadable"), icon=":material/key_off:")
    with st.form(f"form-{key}", border=False):
        if not built_in:
            st.text_input(_("Name"), value=endpoint.name if endpoint else "", key=f"name-{key}", max_chars=80)
            st.text_input(
                _("Base URL"),
                value=endpoint.base_url if endpoint else "",
                key=f"base-url-{key}",
                placeholder="https://api.example.com",
                help=_("With or without /v1, or the full path: all three are understood."),
            )
        st.text_input(
            _("Token"),
            key=f"token-{key}",
            type="password",
            autocomplete="off",
            placeholder=_("set – leave empty to keep it") if endpoint and endpoint.has_token else _("paste it here"),
        )
        st.selectbox(
            _("Model"),
            _models(endpoint),
            key=f"model-{key}",
            accept_new_options=True,
            help=_("Test fetches the list; any other name may be typed."),
        )
        with st.expander(_("Advanced"), icon=":material/tune:"):
            _advanced(endpoint, key)
        st.form_submit_button(_("Save"), key=f"save-{key}", type="primary", on_click=_save, args=(endpoint,))


def _models(endpoint: EndpointView | None) -> list[str]:
    if endpoint is None:
        return ["sora-2"]
    known = mine().balances.known(endpoint)
    return models_of(known, endpoint.model, list(dict.fromkeys([endpoint.model, *endpoint.models])))


def _advanced(endpoint: EndpointView | None, key: str) -> None:
    st.number_input(
        _("max_tokens"),
        1,
        1_000_000,
        endpoint.max_tokens if endpoint else 1000,
        key=f"max-tokens-{key}",
        help=_("Sent with each request; 1000 is what the endpoint's page documents."),
    )
    st.toggle(_("Stream the answer"), endpoint.stream if endpoint else True, key=f"stream-{key}")
    st.text_area(
        _("Extra JSON fields"),
        json.dumps(endpoint.extra, ensure_ascii=False) if endpoint and endpoint.extra else "",
        key=f"extra-{key}",
        height=80,
        placeholder='{"size": "1280x720"}',
    )
    _limits(endpoint, key)


def _limits(endpoint: EndpointView | None, key: str) -> None:
    left, right = st.columns(2)
    left.number_input(
        _("Silence limit (s)"),
        1.0,
        86_400.0,
        endpoint.idle_seconds if endpoint else None,
        key=f"idle-{key}",
        placeholder="300",
        help=_("Ends an answer when no byte came for so long."),
    )
    right.number_input(
        _("Time limit (s)"),
        1.0,
        86_400.0,
        endpoint.total_seconds if endpoint else None,
        key=f"total-{key}",
        placeholder="3600",
        help=_("Ends an answer that takes longer than this."),
    )
    left.number_input(
        _("At the same time"),
        1,
        1000,
        endpoint.concurrency if endpoint else None,
        key=f"concurrency-{key}",
        placeholder="100",
        help=_("How many prompts this endpoint works on at once."),
    )
    right.number_input(
        _("A minute"),
        1,
        MOST_PER_MINUTE,
        endpoint.per_minute if endpoint else None,
        key=f"per-minute-{key}",
        placeholder=_("no limit"),
        help=_("How many prompts may be sent in any minute. The rest waits; what it refuses is learnt from, too."),
    )


def _typed(endpoint: EndpointView | None) -> dict[str, Any]:
    key = endpoint.id if endpoint else "new"
    state = st.session_state
    token = (state.get(f"token-{key}") or "").strip()
    return {
        "name": endpoint.name if endpoint and endpoint.built_in else state.get(f"name-{key}") or "",
        "base_url": endpoint.base_url if endpoint and endpoint.built_in else state.get(f"base-url-{key}") or "",
        "token": token or None,
        "model": state.get(f"model-{key}") or "",
        "max_tokens": int(state[f"max-tokens-{key}"]),
        "stream": bool(state[f"stream-{key}"]),
        "extra_json": state.get(f"extra-{key}") or "",
        "idle_seconds": state.get(f"idle-{key}"),
        "total_seconds": state.get(f"total-{key}"),
        "concurrency": state.get(f"concurrency-{key}"),
        "per_minute": state.get(f"per-minute-{key}"),
    }


@whole
def _save(endpoint: EndpointView | None) -> None:
    """Keep what was typed and forget the token here; a first token makes its endpoint the one in use."""
    endpoints = mine().endpoints
    fresh = endpoint is None or not endpoint.has_token

    def save() -> None:
        typed = _typed(endpoint)
        saved = endpoints.save(endpoint.id if endpoint else None, **typed)
        st.session_state.edited = saved.id
        said = _("Saved.")
        if fresh and (saved.has_token or not saved.built_in) and endpoints.chosen().demo:
            endpoints.choose(saved.id)
            said = _("Saved. Prompts now go to {name}.").format(name=plain(saved.name, 60))
        notice(said)

    if tried(save):
        key = endpoint.id if endpoint else "new"
        st.session_state[f"token-{key}"] = ""


@whole
def _use(endpoint_id: str) -> None:
    tried(lambda: mine().endpoints.choose(endpoint_id))


@whole
def _forget_token(endpoint_id: str) -> None:
    if tried(lambda: mine().endpoints.forget_token(endpoint_id)):
        notice(_("The token is gone from this machine."))


@whole
def _forget(endpoint_id: str) -> None:
    if tried(lambda: mine().endpoints.forget(endpoint_id)):
        notice(_("Removed. What it made stays in the Library."))


@whole
def _test(endpoint_id: str) -> None:
    def test() -> None:
        tested = st.session_state[f"tested-{endpoint_id}"] = mine().endpoints.test(endpoint_id)
        if tested.ok:
            mine().balances.ask(mine().endpoints.get(endpoint_id))
        if tested.code == "model_chosen":
            st.session_state[f"model-{endpoint_id}"] = mine().endpoints.get(endpoint_id).model

    st.session_state.edited = endpoint_id
    tried(test)
