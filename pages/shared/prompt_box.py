"""What the stock text area lacks: drafts saved while typing, and Ctrl+Enter that sends."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.shared.i18n import gettext as _

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "prompt_box",
    js=(_FOLDER / "prompt_box.js").read_text("utf-8"),
    css=(_FOLDER / "prompt_box.css").read_text("utf-8"),
)


def keep_typing() -> None:
    """Keep the draft of the box with the key "prompt" as it is typed; a small line says so."""
    _COMPONENT(
        key="prompt-box",
        data={"saved": _("Draft saved"), "failed": _("Draft not saved: the server does not answer.")},
    )
