"""One frame of a kept video, taken as the picture the next film begins from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.picture_beside import use_picture
from pages.shared.runtime import mine
from pages.shared.whole import whole

if TYPE_CHECKING:
    from services.generations import Generation


def use_a_frame(generation: Generation) -> None:
    """Offer it where a video is kept; the last frame is the first choice: the next film then goes on from there."""
    video = next((one for one in generation.videos if one.state == "kept"), None)
    if video is None:
        return
    end = max(0.1, round(video.duration_seconds or 60.0, 1))
    with st.popover(_("Use a frame"), icon=":material/photo_camera:"):
        st.number_input(
            _("At second"),
            0.0,
            end,
            end if video.duration_seconds else 0.0,
            0.1,
            format="%.1f",
            key="frame-at",
            help=_("The last frame lets the next film go on where this one ends."),
        )
        st.button(
            _("Begin a film from it"), key="frame-use", type="primary", on_click=_use, args=(video.id,), width="stretch"
        )
    if st.session_state.pop("framed", None):
        st.switch_page("create.py", query_params=st.query_params.to_dict())


@whole
def _use(video_id: str) -> None:
    seconds = float(st.session_state["frame-at"] or 0.0)
    found: list[str] = []
    if tried(lambda: found.append(mine().pictures.frame(video_id, seconds).sha256)) and use_picture(found[0]):
        st.session_state.framed = True
