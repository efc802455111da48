"""Where a composition begins: what it is for, a template with its form, a look. One click each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.compose_desk import chosen, reader, turned
from pages.shared.compose_widgets import HELP, tell
from pages.shared.i18n import gettext as _
from pages.shared.sample_cards import look_cards, template_cards, use_template
from pages.shared.whole import whole
from services.prompts.desk import Desk, with_value
from services.prompts.looks import apply_look, look, with_purpose
from services.prompts.variables import Variable, variables
from services.prompts.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Mapping


def begin(on_it: Desk) -> None:
    """Show purposes, templates and looks; and the form of a template's blanks."""
    _purposes(on_it)
    for variable in variables(on_it.fields):
        _blank(variable, on_it.values)
    st.markdown(f"**{_('Start from a template')}**")
    st.caption(_("It takes the place of what is in the fields; Undo brings that back."))
    template_cards(use_template)
    st.markdown(f"**{_('Put a look on it')}**")
    st.caption(_("Its style replaces yours; light, lens and colours fill only what you left empty."))
    look_cards(_wear)


def _purposes(on_it: Desk) -> None:
    language, known = reader(), {word.en: word for word in words("purpose")}
    now = on_it.fields.purpose if on_it.fields.purpose in known else None
    tell("f-purpose", now, lambda said: said == now)
    st.selectbox(
        _(HELP["purpose"].label),
        list(known),
        key="f-purpose",
        index=None,
        format_func=lambda value: f"{known[value].said(language)} · {known[value].hinted(language)}",
        placeholder=_("Nothing special"),
        help=_(HELP["purpose"].help),
        on_change=_take_purpose,
    )


def _blank(variable: Variable, values: Mapping[str, str]) -> None:
    key = "v-" + "".join(sign if sign.isalnum() else f"-{ord(sign):x}-" for sign in variable.name)
    kept = values.get(variable.name) or variable.start
    common: dict[str, Any] = {"key": key, "on_change": _fill, "args": (variable.name, key)}
    if variable.kind == "choice":
        now = kept if kept in variable.choices else variable.choices[0]
        tell(key, now, lambda said: said == now)
        st.selectbox(variable.name, list(variable.choices), **common)
    elif variable.kind == "number":
        low, high = float(variable.low or 0), float(variable.high if variable.high is not None else 1_000_000)
        number = min(max(_number(kept), low), high)
        tell(key, number, lambda said: said == number)
        st.number_input(variable.name, low, high, step=1.0, format="%g", **common)
    else:
        tell(key, kept, lambda said: (said or "") == kept)
        st.text_input(variable.name, live=True, placeholder=_("Fill this in"), **common)


def _number(said: str) -> float:
    """Return the number that is said; 1 for anything else: a blank may have been a text before."""
    return float(said) if re.fullmatch(r"-?\d{1,9}(\.\d{1,3})?", said, re.ASCII) else 1.0


@whole
def _take_purpose() -> None:
    purpose = st.session_state["f-purpose"] or ""
    chosen(lambda fields: with_purpose(fields, purpose))


@whole
def _fill(name: str, key: str) -> None:
    value = st.session_state[key]
    said = f"{value:g}" if isinstance(value, float) else str(value or "")
    turned(lambda on_it: with_value(on_it, name, said))


def _wear(look_id: str) -> None:
    if wanted := look(look_id):
        chosen(lambda fields: apply_look(fields, wanted))
