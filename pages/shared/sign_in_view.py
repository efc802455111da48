"""Coming in and going out, where people sign in."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.people import person_here, team
from pages.shared.plain import plain
from pages.shared.whole import whole
from services.errors import StoreError


def stands_outside() -> bool:
    """Tell whether whoever looks has to sign in, or to wait until they are let in."""
    if not team():
        return False
    try:
        person = person_here()
    except StoreError:  # the database went away: nobody can be told to be somebody
        return True
    return person is None or not person.let_in


def ways_in() -> list[tuple[str, str | None]]:
    """Return each provider that is set up: what to call it, and its name for Streamlit (None: the only one)."""
    from streamlit.auth_util import get_secrets_auth_section

    auth = get_secrets_auth_section()
    named = [key for key in auth if isinstance(auth[key], Mapping) and "client_id" in auth[key]]
    only: list[tuple[str, str | None]] = [("", None)] if "client_id" in auth else []
    return only + [(key.replace("-", " ").title(), key) for key in named]


def way_out() -> None:
    """Say in the menu who is signed in, and let them go."""
    person = person_here()
    if person is None:
        return
    with st.sidebar:
        st.caption(plain(person.name or person.email, 60))
        st.button(_("Sign out"), key="sign-out", icon=":material/logout:", on_click=sign_out)


@whole
def sign_in(provider: str | None) -> None:
    """Go to the provider."""
    st.login(provider)


@whole
def sign_out() -> None:
    """Leave, here and in every tab of this browser."""
    st.logout()
