"""The reference picture on Create. What crops it is read only when there is one: most prompts go without."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.shared.compose_desk import desk
from pages.shared.picture_box import just_chosen, picture_box
from pages.shared.whole import whole

_BOX: Final = "picture-box"


def reference_picture(*, demo: bool) -> None:
    """Offer to add a picture; show the one that goes with the words."""
    picture = desk().picture
    if picture is None:
        picture_box("", "", key=_BOX, on_chosen=_chosen)
        return
    from pages.shared.picture_beside import facts, picture_row

    with st.container(border=True, key="reference-picture"):
        picture_box(picture.id, facts(picture, demo=demo), key=_BOX, on_chosen=_chosen)
        picture_row(picture)


@whole
def _chosen() -> None:
    if name := just_chosen(_BOX):
        from pages.shared.picture_beside import use_picture

        use_picture(name)
