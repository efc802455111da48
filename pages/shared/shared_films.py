"""The films of a shared collection, a page at a time."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes

_PAGE: Final = 12


def films(collection_id: str) -> None:
    """Show the newest ones, older ones by a button."""
    at, before = st.session_state.get("shared-before", ("", None))
    if at != collection_id:
        before = None
    found = mine().sharing.films(collection_id, before_seq=before, limit=_PAGE)
    with st.container(horizontal=True, gap="medium"):
        for film in found:
            with st.container(border=True, width=330, key=f"film-{film.seq}"):
                for video_id in film.video_ids:
                    st.video(f"/app/static/media/{video_id}")
                st.text(film.prompt)
                st.caption(f"{plain(film.model, 60)} · {moment(film.created_at, offset_minutes())}")
    with st.container(horizontal=True):
        if len(found) == _PAGE:
            st.button(_("Earlier"), key="shared-earlier", on_click=_from, args=(collection_id, found[-1].seq))
        if before is not None:
            st.button(_("Newest"), key="shared-newest", on_click=_from, args=(collection_id, None))


@whole
def _from(collection_id: str, before_seq: int | None) -> None:
    st.session_state["shared-before"] = (collection_id, before_seq)
