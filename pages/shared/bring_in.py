"""Bring in what was taken away, here or elsewhere: a zip, videos with what lies beside them, or a table of prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared.errors import explain_code
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.many_run import many_run
from pages.shared.notice import clear_notice, notice
from pages.shared.whole import whole

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "bring_in",
    js=(_FOLDER / "bring_in.js").read_text("utf-8"),
    css=(_FOLDER / "bring_in.css").read_text("utf-8"),
)


def bring_in_section() -> None:
    """Show all about it."""
    st.header(_("Take away and bring in"), anchor=False)
    st.markdown(
        _("In the Library, choose cards or all of them to take them away as a zip. Here it comes in again, anywhere.")
    )
    many_run(only="bring")
    data = {"label": _("A zip of Dailies or of videos, or a CSV of prompts"), "sending": _("On its way to the server")}
    _COMPONENT(key="bring-in", data=data, on_came_change=_came)
    st.caption(
        together(
            _("What is here already stays as it is; nothing is sent, and what it cost elsewhere is not counted here."),
            _("A folder comes in by the command line:"),
        )
    )
    st.code("python3 run.py import FOLDER", language=None)


@whole
def _came() -> None:
    """Say what came of a file; of a zip its run tells."""
    said = (st.session_state.get("bring-in") or {}).get("came") or {}
    clear_notice()
    if "code" in said:
        notice(explain_code(str(said["code"])), bad=True)
    elif "new" in said.get("came", {}):
        _laid(said["came"])


def _laid(counts: dict[str, Any]) -> None:
    """Say how many prompts of a table wait now."""
    for key in ("batch-lines", "batch-way"):  # the next look at that page reads what is kept
        st.session_state.pop(key, None)
    n, here, no_room = (int(counts[name]) for name in ("new", "here", "no_room"))
    said = [
        (ngettext('{count} prompt waits in "Several at once".', '{count} prompts wait in "Several at once".', n), n),
        (ngettext("{count} waited there already.", "{count} waited there already.", here), here),
        (ngettext("{count} found no room.", "{count} found no room.", no_room), no_room),
    ]
    notice(together(*(text.format(count=f"{count:,}") for at, (text, count) in enumerate(said) if count or at == 0)))
