"""Links to other sites: plain buttons that open a new tab and carry nothing along (no referrer, no opener)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain

_LOOKS: Final = {
    "video": (N_("Video"), ":material/play_circle:"),
    "page": (N_("Page"), ":material/open_in_new:"),
    "recovery": (N_("Task page"), ":material/manage_search:"),
    "site": (N_("The endpoint's site"), ":material/public:"),
}


def place(url: str) -> str | None:
    """Return host and path of a link that may be clicked; None unless it is plain http or https.

    >>> place("https://a.example/x.mp4?sig=1"), place("javascript:alert(1)"), place("https://a@b/"), place("http://[")
    ('a.example/x.mp4', None, None, None)
    """
    if len(url) > 4096 or any(sign in url for sign in "\\\t\r\n "):
        return None
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return f"{parts.netloc}{parts.path}"


def outside_link(url: str, kind: str) -> None:
    """Offer to open a link elsewhere; its host is always shown. What may not be clicked is left out."""
    shown = place(url)
    word, icon = _LOOKS.get(kind, _LOOKS["page"])
    if shown and kind == "site":
        parts = urlsplit(url)
        st.link_button(f"{_(word)} · {plain(parts.netloc, 60)}", f"{parts.scheme}://{parts.netloc}/", icon=icon)
    elif shown:
        st.link_button(f"{_(word)} · {plain(shown, 60)}", url, icon=icon)
