"""What stands under the prompt box: how text and fields stand to each other, and the way back of each big step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.compose_desk import (
    can_put_back,
    compose_with_fields,
    composing,
    laid,
    presets,
    put_back,
    turned,
)
from pages.shared.i18n import N_, listed, ngettext, together
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import NotFoundError
from services.prompts.composing import compared, desk_of, emptied
from services.prompts.controls import options
from services.prompts.desk import Desk, blanks, written_again
from services.prompts.field_help import FIELDS, changed_fields
from services.prompts.fields import EMPTY, Fields

STANDING: Final = {
    "composed": (":material/check:", N_("Written from your fields.")),
    "edited": (":material/edit:", N_("Changed by hand. Your fields are kept beside it.")),
    "apart": (":material/edit:", N_("Changed by hand, so it stays as it is. Your fields have moved on since.")),
}


def back_and_forth(*, aside: Callable[[], None]) -> None:
    """Offer to put aside, to clear, to put back what was cleared or replaced, and the prompts sent before."""
    st.button(_("Put aside"), key="put-aside", type="tertiary", on_click=aside)
    st.button(_("Clear"), key="clear", type="tertiary", on_click=_clear)
    if can_put_back():
        st.button(_("Undo"), key="put-back", icon=":material/undo:", type="tertiary", on_click=put_back)
    place = st.session_state.get("recalled", -1)
    st.button(_("Earlier"), key="earlier", icon=":material/history:", type="tertiary", on_click=_recall, args=(1,))
    if place >= 0:
        st.button(_("Later"), key="later", icon=":material/redo:", type="tertiary", on_click=_recall, args=(-1,))


def compose_switch() -> None:
    """Offer the fields; whether they are shown is remembered."""
    st.session_state["compose-open"] = composing()
    st.toggle(
        _("Compose with fields"),
        key="compose-open",
        help=_("Pick words of the craft; the prompt is written from them. What you typed stays."),
        on_change=_switch,
    )


def standing(on_it: Desk, model: str) -> None:
    """Say how the text in the box stands to the fields, what it began from, and what is still to be filled in."""
    began_from(on_it)
    if not on_it.composition.composed:
        if on_it.edit and composing():
            st.caption(_("Your own words. They stay on top when you pick something below."))
        return
    icon, sentence = STANDING[on_it.composition.state]
    with st.container(horizontal=True, vertical_alignment="center", key="standing"):
        said = together(_(sentence), _length(on_it, options(model, presets()).max_chars))
        st.caption(f"{icon} {said}", width="stretch")
        if on_it.edit:
            st.button(
                _("Write it again from the fields"), key="write-again", icon=":material/refresh:", on_click=_again
            )
    if empty := blanks(on_it):
        said = together(_("Still to be filled in:"), listed(plain(name, 40) for name in empty))
        st.caption(f":material/edit_note: {said}")


def _length(on_it: Desk, most: int | None) -> str:
    count = len(on_it.text)
    if most is None:
        return ngettext("{count} character.", "{count} characters.", count).format(count=f"{count:,}")
    return _("{count} of {limit} characters.").format(count=f"{count:,}", limit=f"{most:,}")


@whole
def use_again(generation_id: str, *, section: str = "") -> None:
    """Fill the composer as a generation was sent, which becomes the parent; `section` opens the fields there."""

    def fill() -> None:
        generation = mine().generations.get(generation_id)
        laid(desk_of(generation, again=True))

    if tried(fill) and section:
        compose_with_fields()
        st.session_state["compose-section"] = section


def began_from(on_it: Desk) -> None:
    """Say which generation this began from and which fields differ from it."""
    if not on_it.parent_id:
        return
    changed = changed_here(on_it)
    names = [_(each.label) for each in FIELDS if each.id in changed]
    with st.container(horizontal=True, vertical_alignment="center", key="began-from"):
        begun = _("A remix of an earlier video.") if on_it.remix else _("Begun from an earlier video.")
        said = together(begun, *([_("Changed:"), listed(names)] if names else []))
        st.caption(f":material/account_tree: {said}", width="stretch")
        st.button(_("Begin anew"), key="begin-anew", type="tertiary", on_click=_begin_anew)


def changed_here(on_it: Desk) -> tuple[str, ...]:
    """Return the ids of the fields that differ from the generation this began from; none where it began anew."""
    began = on_it.parent_id and on_it.fields != EMPTY
    return changed_fields(_fields_of(on_it.parent_id), on_it.fields) if began else ()


def _fields_of(generation_id: str) -> Fields:
    """Return the fields of the parent, asked for once a visit."""
    known = st.session_state.get("parent-fields", ("", EMPTY))
    if known[0] != generation_id:
        try:
            known = (generation_id, compared(mine().generations.get(generation_id)))
        except NotFoundError:
            known = (generation_id, EMPTY)
        st.session_state["parent-fields"] = known
    fields: Fields = known[1]
    return fields


@whole
def _begin_anew() -> None:
    turned(lambda on_it: replace(on_it, parent_id="", remix=None))


@whole
def _clear() -> None:
    st.session_state.recalled = -1
    turned(emptied, step=True)


@whole
def _again() -> None:
    turned(written_again, step=True)


@whole
def _switch() -> None:
    compose_with_fields(on=bool(st.session_state["compose-open"]))


@whole
def _recall(step: int) -> None:
    """Go one prompt back in what was sent, or forth again; what was in the box first comes back in the end."""
    place = st.session_state.get("recalled", -1) + step
    if place < 0:
        st.session_state.recalled = -1
        put_back()
        return
    generation = mine().composing.past(place)
    if generation is None:
        notice(_("There is no earlier prompt."))
        return
    other = replace(desk_of(generation), parent_id="", remix=None)
    own = place == 0 and step > 0
    edited = not own and st.session_state.prompt != st.session_state.get("recalled-text")
    turned(lambda _: other, step=own or edited)
    st.session_state.recalled, st.session_state["recalled-text"] = place, other.text
