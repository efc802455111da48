"""Where a search hit one generation: the places, with the words marked. Foreign text goes through our component."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.i18n import gettext as _
from services.library.hits import excerpt, marked

if TYPE_CHECKING:
    from services.generations import Generation

LONGEST: Final = 240
_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "found",
    js=(_FOLDER / "found.js").read_text("utf-8"),
    css=(_FOLDER / "found.css").read_text("utf-8"),
)


def found_here(generation: Generation, query: str) -> None:
    """Show the places where the words the library was searched for stand; nothing if it was not, or none is left."""
    words = query[:400].split()
    texts = (
        (_("Prompt"), generation.prompt),
        (_("Notes"), generation.notes),
        (_("Answer"), generation.content),
        (_("Reasoning"), generation.reasoning),
    )
    places = tuple(  # no list: see gallery
        (name, marked(part, words)) for name, text in texts if words and (part := excerpt(text, words, LONGEST))
    )
    if places:
        st.caption(_("Found here"))
        _COMPONENT(key="found", data={"places": places})
