"""A shot list on the page for several prompts: a shot a line, sent as one prompt or as one prompt a shot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.batch_form import keep_form
from pages.shared.compose_desk import desk, written_in
from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.whole import whole
from services.prompts.checked import Checked
from services.prompts.fields import EMPTY, Fields
from services.prompts.shot_list import items_of, read_shots

if TYPE_CHECKING:
    from services.prompts.many import Item

AS: Final = {"each": N_("One prompt a shot"), "one": N_("One prompt for all shots")}


def shots(takes: int) -> Checked[tuple[Item, ...]] | None:
    """Show the boxes of a shot list; return what they say, or every problem; None while they are empty."""
    st.caption(_("A line may begin with its seconds: “4s: A door opens”."))
    text = st.text_area(
        _("Shots, one a line"),
        key="batch-shots",
        height=200,
        on_change=keep_form,
        placeholder=_("4s: A door opens onto the sea") + "\n" + _("6s: She steps out and shades her eyes"),
    )
    shared = st.text_area(
        _("What stays the same in every shot"),
        key="batch-shared",
        height=90,
        on_change=keep_form,
        placeholder=_("Mei: silver bob, green raincoat. A harbour in the rain, dusk."),
    )
    names = {name: _(said) for name, said in AS.items()}
    chosen = st.radio(
        _("Sent as"),
        list(names),
        key="batch-shots-as",
        format_func=names.__getitem__,
        horizontal=True,
        on_change=keep_form,
    )
    base = _base(shared)
    if not text.strip():
        return None
    listed = read_shots(text, base)
    if listed.value is None:
        return Checked(None, listed.problems)
    return items_of(listed.value, takes, written_in(), together=chosen == "one")


def _base(shared: str) -> Fields:
    """Return what all shots share: the words of the box, and the fields of Create if that is wished."""
    on_it = desk()
    fields = EMPTY
    if on_it.fields != EMPTY:
        if st.toggle(_("With the cast, look, light and camera of Create"), key="batch-shots-desk", on_change=keep_form):
            fields = on_it.composition.fields
        beats = [beat for beat in on_it.fields.beats if beat.text.strip()]
        if beats:
            st.button(
                _("Take the steps of Create as shots"), key="batch-shots-take", icon=":material/input:", on_click=_take
            )
    words = " ".join(shared.split())
    return replace(fields, continuity=" ".join(filter(None, [fields.continuity, words])))


@whole
def _take() -> None:
    """Write the steps that lie on Create into the box, with their seconds."""
    said = (
        (f"{beat.seconds:g}s: " if beat.seconds else "") + " ".join(beat.text.split())
        for beat in desk().composition.fields.beats
        if beat.text.strip()
    )
    st.session_state["batch-shots"] = "\n".join(said)
    keep_form()
