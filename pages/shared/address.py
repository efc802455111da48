"""What stands in the address is what is shown: it survives a reload, Back, and being sent to somebody.

A widget's value is taken from the address before each run and put there by its callback, and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.whole import whole

PLACE = "at"
"""The parameter that says where in a list one is; whatever changes the list takes it away."""


def from_address(key: str, options: Sequence[str] = (), default: str = "") -> str:
    """Give the widget of this key the address's value, if that is one of `options`; return the value."""
    given = st.query_params.get(key, default)
    value = given if not options or given in options else default
    if st.session_state.get(key) != value:  # not more often: setting it takes away what is being typed
        st.session_state[key] = value
    return value


@whole
def into_address(key: str, default: str = "") -> None:
    """Put the value of the widget of this key into the address; its default needs no words there."""
    value = st.session_state.get(key) or default
    st.query_params.pop(PLACE, None)
    if value == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value


@whole
def go_to(**parameters: str) -> None:
    """Show what these parameters say, and nothing of what the address says now."""
    st.query_params.from_dict(parameters)


@whole
def go_on(place: str) -> None:
    """Go on at another place of the same list; "" is its beginning."""
    if place:
        st.query_params[PLACE] = place
    else:
        st.query_params.pop(PLACE, None)
