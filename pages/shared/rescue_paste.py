"""The box for whatever the provider shows, what is found in it, and what was pasted before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.errors import explain
from pages.shared.i18n import gettext as _
from pages.shared.outside import place
from pages.shared.plain import plain
from pages.shared.rescue_actions import attach, take_key
from pages.shared.runtime import mine
from pages.shared.words import moment
from pages.shared.zone import offset_minutes
from services.errors import DailiesError

if TYPE_CHECKING:
    from services.generations import Generation
    from services.generations.rescue_reading import Reading


def paste_box(generation: Generation) -> None:
    """Take a paste, show what is in it before anything happens, and attach it to this generation."""
    st.header(_("Paste what the provider shows"), anchor=False)
    key = f"paste-{generation.id}"
    st.text_area(
        _("A link, the text of a page, JSON: anything with the video's address in it"),
        key=key,
        height=110,
        placeholder="https://…",
    )
    # Always there: words typed over those that were read are read by leaving the box, and this is where one clicks.
    st.button(_("Look for a video in it"), key="look", icon=":material/search:")
    text = str(st.session_state.get(key) or "")
    if not text.strip():
        return
    try:
        reading = mine().rescue.read(generation.id, text)
    except DailiesError as error:
        st.error(explain(error), icon=":material/error:")
        return
    _found(reading)
    st.button(
        _("Attach and save the video") if reading.links else _("Keep this text with the prompt"),
        key="attach",
        type="primary" if reading.links else "secondary",
        icon=":material/attach_file:",
        on_click=attach,
        args=(generation.id, text, [link.resolved for link in reading.links]),
    )


def _found(reading: Reading) -> None:
    """Show each link with a box, the sure ones ticked, and the task ids."""
    if reading.links:
        st.markdown(_("Found in it; tick what shall be saved as the video:"))
    for link in reading.links:
        words = {"video": _("Video"), "page": _("Page"), "recovery": _("Task page")}
        st.checkbox(
            f"{words[link.kind]} · {plain(place(link.resolved) or link.resolved, 70)}",
            value=reading.chosen(link),
            key=take_key(link.resolved),
        )
    if reading.task_ids:
        st.caption(_("Task ids in it"))
        st.code("\n".join(reading.task_ids[:20]), language=None)
    if not reading.links:
        st.info(
            _(
                "No link to a video in this. On the provider's page, right-click the video or its download button, "
                "choose “Copy link address”, and paste that."
            ),
            icon=":material/search_off:",
        )


def pasted(generation: Generation) -> None:
    """Show what was pasted before, word for word."""
    for paste in mine().rescue.pastes(generation.id):
        when = moment(paste.created_at, offset_minutes())
        with st.expander(_("Pasted on {time}").format(time=when), icon=":material/content_paste:"):
            st.code(paste.text, language=None, wrap_lines=True, height=200 if len(paste.text) > 600 else "content")
