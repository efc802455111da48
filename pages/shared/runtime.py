"""The one runtime of this process, kept where Streamlit's reloading of our modules does not lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from services.runtime import Runtime, start
from services.settings import Settings

if TYPE_CHECKING:
    from services.runtime import ForPerson


def _close(runtime: Runtime) -> None:
    runtime.close()


# Keyed by id(Runtime): when Streamlit evicts our modules after a source change the class is a new one, and
# `max_entries=1` then releases the runtime built from the old code.
@st.cache_resource(max_entries=1, on_release=_close, show_spinner=False)
def _started(identity: int) -> Runtime:
    return start(Settings.from_environment())


def get_runtime() -> Runtime:
    """Return the running runtime, starting it on first use."""
    return _started(id(Runtime))


def close_runtime() -> None:
    """Close the runtime; the next `get_runtime` would start another."""
    _started.clear()


def mine() -> ForPerson:
    """Return what belongs to the person who is looking."""
    from pages.shared.people import signed_in

    return get_runtime().for_person(signed_in())
