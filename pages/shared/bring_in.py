"""Bring in what was taken away, here or elsewhere: a zip, videos with what lies beside them, or a table of prompts."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.many_run import many_run
from pages.shared.notice import notice
from pages.shared.runtime import mine
from pages.shared.whole import whole

MAX_MB: Final = 200
_TABLES: Final = (".csv", ".tsv", ".txt")


def bring_in_section() -> None:
    """Show all about it."""
    st.header(_("Take away and bring in"), anchor=False)
    st.markdown(
        _("In the Library, choose cards or all of them to take them away as a zip. Here it comes in again, anywhere.")
    )
    many_run(only="bring")
    st.file_uploader(
        _("A zip of Dailies or of videos, or a CSV of prompts"),
        type=["zip", "csv", "tsv"],
        key="bring-in",
        max_upload_size=MAX_MB,
    )
    st.button(
        _("Bring in"),
        key="bring-in-now",
        icon=":material/upload:",
        disabled=st.session_state.get("bring-in") is None,
        on_click=_bring_in,
    )
    st.caption(
        _("What is here already stays as it is; nothing is sent, and what it cost elsewhere is not counted here.")
        + " "
        + _("Larger files and folders:")
    )
    st.code("python3 run.py import FILE", language="sh")


@whole
def _bring_in() -> None:
    given = st.session_state.get("bring-in")
    if given is None:
        return
    if given.name.lower().endswith(_TABLES):
        tried(lambda: _lay(given.getvalue()))
    else:
        tried(lambda: mine().takeaway.begin_bringing(given.getvalue(), given.name))


def _lay(table: bytes) -> None:
    laid = mine().waiting.lay(table)
    for key in ("batch-lines", "batch-way"):  # the next look at that page reads what is kept
        st.session_state.pop(key, None)
    new = ngettext('{count} prompt waits in "Several at once".', '{count} prompts wait in "Several at once".', laid.new)
    here = ngettext("{count} waited there already.", "{count} waited there already.", laid.here)
    no_room = ngettext("{count} found no room.", "{count} found no room.", laid.no_room)
    sentences = [(new, laid.new), *((said, n) for said, n in ((here, laid.here), (no_room, laid.no_room)) if n)]
    notice(" ".join(said.format(count=f"{n:,}") for said, n in sentences))
