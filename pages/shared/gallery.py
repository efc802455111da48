"""Many generations as one component: fifty cards cost one element (STREAMLIT 5)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import shortened
from pages.shared.words import moment, state_word
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.generations import Generation

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "gallery",
    js=(_FOLDER / "gallery.js").read_text("utf-8"),
    css=(_FOLDER / "gallery.css").read_text("utf-8"),
)


def _rerun() -> None:
    """Let the click cause its rerun."""


def gallery(generations: Sequence[Generation], *, key: str) -> str | None:
    """Show cards with posters; return the id of the one just clicked."""
    # A tuple: a list makes Streamlit import pandas and pyarrow to see whether it is a table (0.5 s, 90 MB).
    shown = _COMPONENT(key=key, data={"items": tuple(_card(one) for one in generations)}, on_opened_change=_rerun)
    opened = shown.opened
    return str(opened) if opened else None


def _card(generation: Generation) -> dict[str, Any]:
    poster = next((video.id for video in generation.videos if video.poster), None)
    made_by = _("Demo") if generation.demo else generation.model
    return {
        "id": generation.id,
        "prompt": shortened(generation.prompt, 160),
        "poster": poster,
        "state": state_word(generation),
        "facts": [made_by, moment(generation.created_at, offset_minutes())],
    }
