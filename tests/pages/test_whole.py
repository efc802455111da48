"""A click is never lost to a run that the page asks for meanwhile."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from pages.shared.whole import whole


def script(protect: bool) -> None:
    import streamlit as st

    from pages.shared.whole import whole
    from tests.pages.test_whole import click

    st.session_state.setdefault("done", 0)
    st.button("Go", key="go", on_click=whole(click) if protect else click)


def click() -> None:
    """What happens when an answer ends while a callback works: the page asks for another run."""
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    if "asked" not in st.session_state:
        st.session_state.asked = True
        context.script_requests.request_rerun(RerunData(widget_states=None))
    st.session_state.done += 1


@pytest.mark.parametrize("protect", [True, False])
def test_a_callback_runs_to_its_end(protect: bool) -> None:
    app = AppTest.from_function(script, args=(protect,)).run()
    app.button(key="go").click().run()

    assert not app.exception
    assert app.session_state.done == int(protect), "without protection it dies: the day it does not, drop whole.py"


def test_outside_of_a_script_it_is_a_plain_function() -> None:
    seen: list[int] = []

    whole(seen.append)(3)

    assert seen == [3]
