"""What a Test of an endpoint told, as sentences of its own: it asks for the list of models, so no prompt was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.i18n import N_, together
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain

if TYPE_CHECKING:
    from services.endpoint.client import TestResult
    from services.endpoint.views import EndpointView

_AGAIN: Final = N_("Test again in a little while.")
_ADDRESS: Final = N_("Check the base URL.")
_TYPE_IT: Final = N_("Type the model's name yourself.")

# code: (what happened, what to do next)
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "not_sent": (N_("The endpoint could not be reached."), N_("Check the base URL and the connection.")),
    "auth": (N_("The endpoint does not accept this token."), N_("Enter the token again.")),
    "insufficient_quota": (N_("The account at the endpoint has run out of credit."), N_("Top it up.")),
    "rate_limited": (N_("The endpoint has too many requests at the moment."), _AGAIN),
    "timeout": (N_("The endpoint took too long."), _AGAIN),
    "gateway": (N_("A server in front of the endpoint failed."), _AGAIN),
    "upstream_error": (N_("The service behind the endpoint reported an error."), _AGAIN),
    "redirect": (N_("The endpoint pointed to another address, which is not followed."), _ADDRESS),
    "html_answer": (N_("A web page came back instead of a list of models."), _ADDRESS),
    "base_url_invalid": (N_("This base URL is not an address."), N_("It looks like https://api.example.com.")),
    "token_invalid": (
        N_("This token holds signs that no token can hold."),
        N_("Copy it again, without spaces or line breaks."),
    ),
    "models_unlisted": (N_("The endpoint shows no list of models. That says nothing about prompts."), _TYPE_IT),
    "model_unlisted": (N_("The chosen model is not in the endpoint's list."), N_("Check its name, or choose another.")),
    "model_chosen": (
        N_("The suggested model is not in its list, so another one was chosen."),
        N_("Change it above if you like."),
    ),
}
_NO_LIST: Final = (N_("No usable list of models came back."), _ADDRESS)
_WANTS_TOKEN: Final = (N_("The endpoint wants a token."), N_("Enter it above and save."))


def show_test(tested: TestResult, endpoint: EndpointView) -> None:
    """Show how it went, and the models it offers."""
    if tested.ok:
        st.success(answers(endpoint), icon=":material/check:")
        about_model(tested.code)
        st.caption(_("Models it offers") + ": " + ", ".join(plain(model, 60) for model in tested.models[:40]))
        return
    show = st.warning if tested.code == "models_unlisted" else st.error
    show(failed(tested.code, has_token=endpoint.has_token), icon=":material/info:")
    if tested.message and tested.code in {"auth", "upstream_error", "insufficient_quota", "rate_limited"}:
        st.code(tested.message, language=None, wrap_lines=True)


def answers(endpoint: EndpointView) -> str:
    """Return what a Test that went well says about the token."""
    if endpoint.demo:
        return _("The demo endpoint answers. It needs no token.")
    if endpoint.has_token:
        return _("The endpoint answers and accepts the token.")
    return _("The endpoint answers. No token is set: enter one if it wants one.")


def about_model(code: str | None) -> None:
    """Say what is worth a look although it works."""
    if code is not None:
        show = st.info if code == "model_chosen" else st.warning
        show(together(*(_(sentence) for sentence in SENTENCES[code])), icon=":material/info:")


def failed(code: str | None, *, has_token: bool) -> str:
    """Return what went wrong, what to do, and that it cost nothing."""
    pair = _WANTS_TOKEN if code == "auth" and not has_token else SENTENCES.get(code or "", _NO_LIST)
    free = N_("No prompt was sent and nothing is charged: a Test only asks for the list of models.")
    return together(*(_(sentence) for sentence in (*pair, free)))
