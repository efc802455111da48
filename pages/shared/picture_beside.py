"""The reference picture that goes with the words: cropped to the film's shape, taken out. What it weighs is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.compose_checks import context_of
from pages.shared.compose_controls import SHAPES
from pages.shared.compose_desk import desk, presets, turned
from pages.shared.compose_widgets import tell
from pages.shared.i18n import N_, together
from pages.shared.i18n import gettext as _
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import size
from services.errors import NotFoundError
from services.pictures.shape import text_bytes
from services.prompts.controls import options
from services.prompts.reference import WHOLE, Reference, shape_for

_CROPS: Final = {WHOLE: N_("All of it"), **SHAPES}
_ACROSS: Final = {0.0: N_("Left"), 0.5: N_("Middle"), 1.0: N_("Right")}
_DOWN: Final = {0.0: N_("Top"), 0.5: N_("Middle"), 1.0: N_("Bottom")}


def picture_row(picture: Reference) -> None:
    """Let a person crop the picture, or take it out."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _crop(picture)
        st.button(
            _("Take the picture out"),
            key="picture-out",
            icon=":material/hide_image:",
            on_click=_out,
            width="content",
        )


def facts(picture: Reference, *, demo: bool) -> str:
    """Return size and weight of a picture, and what is known of its price: nothing, in tokens."""
    return together(
        _("{wide}×{high}, {size}.").format(wide=picture.width, high=picture.height, size=size(picture.size_bytes)),
        _("It goes out as {size} of text.").format(size=size(text_bytes(picture.size_bytes))),
        _("The demo endpoint does not look at it, and costs nothing.")
        if demo
        else _("How many tokens that costs is not known."),
    )


def use_picture(source: str) -> bool:
    """Put a kept picture beside the words, cropped to what the model will make; False if that cannot be."""
    on_it, model = desk(), mine().endpoints.chosen().model
    return _put(source, shape_for(context_of(on_it, options(model, presets())).orientation))


def _put(source: str, shape: str, at: float = 0.5) -> bool:
    def put() -> None:
        cut = mine().pictures.crop(source, shape, at)
        picture = Reference(cut.sha256, source, cut.width, cut.height, cut.size_bytes, shape, at)
        turned(lambda on_it: replace(on_it, picture=picture), step=True)

    return tried(put)


def _crop(picture: Reference) -> None:
    tell("picture-crop", picture.shape, lambda said: said == picture.shape)
    st.selectbox(
        _("Crop"),
        list(_CROPS),
        key="picture-crop",
        format_func=lambda shape: _(_CROPS[shape]),
        on_change=_again,
        width=160,
    )
    if picture.shape == WHOLE:
        return
    places = _ACROSS if _cut_across(picture) else _DOWN
    nearest = min(places, key=lambda place: abs(place - picture.at))
    tell("picture-at", nearest, lambda said: said == nearest)
    st.selectbox(
        _("Keep which part"),
        list(places),
        key="picture-at",
        format_func=lambda place: _(places[place]),
        on_change=_again,
        width=130,
    )


def _cut_across(picture: Reference) -> bool:
    """Tell whether left and right were cut off, not top and bottom."""
    try:
        source = mine().pictures.get(picture.source)
    except NotFoundError:
        return True
    return source.width * picture.height > source.height * picture.width


@whole
def _again() -> None:
    picture = desk().picture
    if picture is not None:
        said: Any = st.session_state
        _put(picture.source, said["picture-crop"], said.get("picture-at", 0.5))


@whole
def _out() -> None:
    turned(lambda on_it: replace(on_it, picture=None), step=True)
