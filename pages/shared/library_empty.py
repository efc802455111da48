"""What the library says when there is nothing to show: why, and what to do."""

from __future__ import annotations

import streamlit as st

from pages.shared.address import go_to
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from services.library.browsing import Look, Shelf, View


def nothing_to_show(view: View, look: Look) -> None:
    """Explain an empty page."""
    if look.given_up:
        st.info(_("Nothing yet among those looked through. Search further below."), icon=":material/manage_search:")
    elif look.unknown:
        named = ", ".join(plain(one, 60) for one in look.unknown)
        st.info(_("There is nothing called: {names}").format(names=named), icon=":material/search_off:")
    elif view.text:
        st.info(
            _("Nothing found. Two characters are enough, also in Chinese; each word must occur."),
            icon=":material/search_off:",
        )
    else:
        _empty_shelf(view)
    if view.text or view.collection or view.shelf is not Shelf.ALL:
        st.button(_("Show everything"), key="everything", icon=":material/video_library:", on_click=go_to)


def _empty_shelf(view: View) -> None:
    sentences = {
        Shelf.TODAY: _("Nothing was made today yet."),
        Shelf.WEEK: _("Nothing was made in the last 7 days."),
        Shelf.MONTH: _("Nothing was made this month yet."),
        Shelf.FAVOURITES: _("No favourites yet: press the heart on a card, or f while it is chosen."),
        Shelf.TRASH: _("The trash is empty. What you put here can be taken back for 30 days."),
    }
    if view.collection:
        st.info(
            _("Nothing in this collection yet. Open a generation and choose its collections there."),
            icon=":material/folder_open:",
        )
    elif view.shelf in sentences:
        st.info(sentences[view.shelf], icon=":material/movie:")
    else:
        st.info(
            _("Nothing here yet. Every prompt you send is kept here with its answer and its video."),
            icon=":material/movie:",
        )
        st.page_link("create.py", label=_("Make the first one"), icon=":material/arrow_forward:")


def said_of(look: Look) -> str:
    """Return how many there are, and what was not understood as typed, in one line."""
    parts = []
    if look.count is not None and (look.count or not look.more_than_count):  # not "0+"
        count = f"{look.count:,}+" if look.more_than_count else f"{look.count:,}"
        parts.append(_("Found: {count}").format(count=count))
    if look.odd:
        named = ", ".join(plain(one, 40) for one in look.odd)
        parts.append(_("Searched as words, for they are no filters: {words}").format(words=named))
    return " · ".join(parts)
