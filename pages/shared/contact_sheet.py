"""Twelve frames of a kept video, made when they are asked for, and any frame as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _

if TYPE_CHECKING:
    from services.generations import Generation

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "contact_sheet",
    js=(_FOLDER / "contact_sheet.js").read_text("utf-8"),
    css=(_FOLDER / "contact_sheet.css").read_text("utf-8"),
)


def contact_sheet(generation: Generation) -> None:
    """Offer the frames of each kept video; nothing is made before the part is opened."""
    for number, video in enumerate(one for one in generation.videos if one.state == "kept"):
        shown = st.expander(_("Frames"), icon=":material/grid_view:", key=f"frames-{number}", on_change="rerun")
        if not shown.open:
            continue
        from services.media.frames import sheet_seconds

        with shown:
            _COMPONENT(
                key=f"sheet-{video.id}",
                data={
                    "video": video.id,
                    "seconds": sheet_seconds(video.duration_seconds) if video.duration_seconds else (),
                    "labels": tuple(_labels().items()),
                },
            )


def _labels() -> dict[str, str]:
    return {
        "sheet": _("Twelve frames of the video, in order"),
        "making": _("The frames are being made. That takes a few seconds the first time."),
        "failed": _("No frames could be made of this video. The browser may still play it."),
        "go": _("Go to {seconds} s"),
        "save": _("Save the frame that the player shows, in full size:"),
    }
