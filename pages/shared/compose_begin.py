"""Where a composition begins: what it is for, a template with its form, a look. One click each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.compose_desk import chosen, desk, laid, reader, turned
from pages.shared.compose_widgets import HELP, tell
from pages.shared.i18n import gettext as _
from pages.shared.swatches import swatches
from pages.shared.whole import whole
from services.prompts import templates
from services.prompts.desk import Desk, begun_with, with_value
from services.prompts.looks import apply_look, look, looks, with_purpose
from services.prompts.variables import Variable, variables
from services.prompts.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FOLDER = Path(__file__).parent / "components"
_CARDS = st.components.v2.component(
    "choice_cards",
    js=(_FOLDER / "choice_cards.js").read_text("utf-8"),
    css=(_FOLDER / "choice_cards.css").read_text("utf-8"),
)


def begin(on_it: Desk) -> None:
    """Show purposes, templates and looks; and the form of a template's blanks."""
    _purposes(on_it)
    for variable in variables(on_it.fields):
        _blank(variable, on_it.values)
    language = reader()
    st.markdown(f"**{_('Start from a template')}**")
    st.caption(_("It takes the place of what is in the fields; Undo brings that back."))
    known = [{"id": one.id, "name": one.said(language), "hint": one.hinted(language)} for one in templates.built_in()]
    _cards("templates", known, _use_template)
    st.markdown(f"**{_('Put a look on it')}**")
    st.caption(_("Its style replaces yours; light, lens and colours fill only what you left empty."))
    worn = [
        {
            "id": one.id,
            "name": one.said(language),
            "hint": one.hinted(language),
            "colours": swatches(one.fields.palette),
        }
        for one in looks()
    ]
    _cards("looks", worn, _wear)


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


def _cards(key: str, items: Sequence[Mapping[str, object]], pick: Callable[[str], None]) -> None:
    """Show cards to click: one element, however many there are."""

    @whole
    def picked() -> None:
        if wanted := st.session_state[f"cards-{key}"].picked:
            pick(str(wanted))

    # A tuple: a list would bring pandas (see gallery).
    _CARDS(key=f"cards-{key}", data={"items": tuple(items), "label": _("Choose one")}, on_picked_change=picked)


@whole
def _take_purpose() -> None:
    purpose = st.session_state["f-purpose"] or ""
    chosen(lambda fields: with_purpose(fields, purpose))


@whole
def _fill(name: str, key: str) -> None:
    value = st.session_state[key]
    said = f"{value:g}" if isinstance(value, float) else str(value or "")
    turned(lambda on_it: with_value(on_it, name, said))


def _use_template(template_id: str) -> None:
    now = desk()
    template = next((one for one in templates.built_in() if one.id == template_id), None)
    if template is not None:
        laid(begun_with(template.composition(now.language), now))


def _wear(look_id: str) -> None:
    if wanted := look(look_id):
        chosen(lambda fields: apply_look(fields, wanted))
