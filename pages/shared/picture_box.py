"""A picture on a page: one to be added, or one that is there. Its bytes never pass through a script run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from services.pictures.shape import LARGEST_BYTES

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "picture_box",
    js=(_FOLDER / "picture_box.js").read_text("utf-8"),
    css=(_FOLDER / "picture_box.css").read_text("utf-8"),
)
_CODES = ("picture_unreadable", "picture_too_large", "picture_too_many_pixels", "disk_full", "store_locked")


def picture_box(picture_id: str, facts: str, *, key: str, on_chosen: Callable[[], None] | None = None) -> None:
    """Show a picture with what there is to say of it; with `on_chosen` another one can be put in its place."""
    choose = _("Another picture") if picture_id else _("Add a picture")
    errors = ((code, explain_code(code)) for code in _CODES)
    _COMPONENT(
        key=key,
        data={
            "src": f"/app/static/picture/{picture_id}" if picture_id else "",
            "alt": _("The picture that goes with the prompt"),
            "facts": facts,
            "fixed": on_chosen is None,
            "choose": choose,
            "hint": "" if picture_id else _("or paste one: the film begins from it, where the model reads pictures"),
            "adding": _("Adding the picture…"),
            "largest": LARGEST_BYTES,
            "errors": (*errors, ("failed", _("The picture did not arrive: the server does not answer."))),
        },
        on_chosen_change=on_chosen or (lambda: None),
    )


def just_chosen(key: str) -> str:
    """Return the name of the picture that was just added; empty if none was."""
    return str((st.session_state.get(key) or {}).get("chosen") or "")
