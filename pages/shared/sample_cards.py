"""Looks and templates as cards to click, each with what the demo endpoint draws of it: one element, however many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from pages.shared.compose_desk import desk, laid, reader
from pages.shared.i18n import gettext as _
from pages.shared.swatches import swatches
from pages.shared.whole import whole
from services.prompts import templates
from services.prompts.desk import begun_with
from services.prompts.looks import Look, looks
from services.prompts.samples import name_of
from services.prompts.templates import Template

_FOLDER = Path(__file__).parent / "components"
_CARDS = st.components.v2.component(
    "choice_cards",
    js=(_FOLDER / "choice_cards.js").read_text("utf-8"),
    css=(_FOLDER / "choice_cards.css").read_text("utf-8"),
)


def template_cards(picked: Callable[[str], None]) -> None:
    """Show the built-in templates."""
    _cards("templates", [_card(one) for one in templates.built_in()], picked)


def look_cards(picked: Callable[[str], None]) -> None:
    """Show the looks, each with its colours too."""
    _cards("looks", [{**_card(one), "colours": swatches(one.fields.palette)} for one in looks()], picked)


def use_template(template_id: str) -> None:
    """Lay a built-in template on the desk; what lay there can be put back."""
    now = desk()
    template = next((one for one in templates.built_in() if one.id == template_id), None)
    if template is not None:
        laid(begun_with(template.composition(now.language), now))


def _card(one: Look | Template) -> dict[str, object]:
    name = one.said(reader())
    return {
        "id": one.id,
        "name": name,
        "hint": one.hinted(reader()),
        "sample": f"/app/static/sample/{name_of(one)}",
        "alt": _("Sample: {name}").format(name=name),
    }


def _cards(key: str, items: Sequence[Mapping[str, object]], pick: Callable[[str], None]) -> None:
    @whole
    def picked() -> None:
        if wanted := st.session_state[f"cards-{key}"].picked:
            pick(str(wanted))

    # A tuple: a list would bring pandas (see gallery).
    _CARDS(key=f"cards-{key}", data={"items": tuple(items), "label": _("Choose one")}, on_picked_change=picked)
