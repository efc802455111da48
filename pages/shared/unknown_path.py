"""An address that leads nowhere gets a page of its own; Streamlit would show Create under a box about its folders."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.shared.i18n import gettext as _

_NAME = re.compile(r"[\w.-]{1,60}")


def unknown_path(url: str | None, base_path: str, known: Collection[str]) -> str | None:
    """Return the page an address asks for if there is none of that name, else None.

    >>> known = ["", "library"]
    >>> unknown_path("http://a:1/nothere?x=1", "", known), unknown_path("http://a:1/library/", "", known)
    ('nothere', None)
    >>> unknown_path("http://a/films/", "films", known), unknown_path(None, "", known)
    (None, None)
    """
    path = unquote(urlsplit(url or "").path).strip("/")
    name = path.removeprefix(base_path.strip("/")).strip("/")
    return name if name not in known and _NAME.fullmatch(name) else None


def page_for_nothing(known: Collection[str]) -> list[StreamlitPage]:
    """Return the page to add for the address that is open now: none, or one that says that nothing is there."""
    name = unknown_path(st.context.url, str(st.get_option("server.baseUrlPath")), known)
    return [st.Page("nowhere.py", title=_("Nothing here"), url_path=name, visibility="hidden")] if name else []
