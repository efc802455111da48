"""What models can be told, as data that a person may change: shape, length and quality by name, words or fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_desk import forget_presets
from pages.shared.i18n import gettext as _
from pages.shared.notice import clear_notice, notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts.presets import built_in_text

if TYPE_CHECKING:
    from services.prompts.checked import Problem

_KEY = "presets-text"


def presets_section() -> None:
    """Show the file and what is wrong with it; saved is only what can be used."""
    section = st.expander(_("What models can be told"), icon=":material/tune:", key="presets", on_change="rerun")
    if not section.open:
        return
    if _KEY not in st.session_state:
        st.session_state[_KEY] = mine().presets.text()
    with section:
        st.markdown(
            _(
                "Relays ask for shape, length and quality each in their own way. Dailies knows some; write yours here"
                " in the same form. A family with the id of a built-in one takes its place."
            )
        )
        st.caption(
            _(
                "pictures: how many the model reads, 0 for none. remix: where it reads which video to change, prompt or"
                " remix_target_id. What is left out is unknown, and nothing is said or sent about it."
            )
        )
        st.text_area(_("Own families, as JSON"), key=_KEY, height=220, placeholder='{"families": []}')
        with st.container(horizontal=True):
            st.button(_("Save"), key="save-presets", type="primary", on_click=_save)
            st.button(_("Start from the built-in ones"), key="built-in-presets", on_click=_start)
        for problem in st.session_state.get("presets-problems", ()):
            st.error(_told(problem), icon=":material/error:")


def _told(problem: Problem) -> str:
    said = _(problem.sentence).format(**{name: plain(_(value), 80) for name, value in problem.params.items()})
    return f"{plain(problem.column, 80)}: {said}" if problem.column else said


@whole
def _save() -> None:
    clear_notice()
    read = mine().presets.save(st.session_state[_KEY] or "")
    st.session_state["presets-problems"] = read.problems
    if read.value is not None:
        forget_presets()
        notice(_("Saved. The composer goes by it from now on."))


@whole
def _start() -> None:
    st.session_state[_KEY] = built_in_text()
