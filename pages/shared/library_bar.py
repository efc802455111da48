"""What stands above the cards: search, shelves, order, looks, saved searches. All of it lives in the address."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from pages.shared.actions import tried
from pages.shared.address import from_address, go_to, into_address
from pages.shared.collections_view import manage
from pages.shared.filter_help import filter_help
from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.zone import offset_minutes
from services.library.browsing import COUNTED, Order, Shelf, View
from services.library.marks import Collection

SHELVES: Final[dict[str, str]] = {
    Shelf.ALL.value: N_("All"),
    Shelf.TODAY.value: N_("Today"),
    Shelf.WEEK.value: N_("7 days"),
    Shelf.MONTH.value: N_("This month"),
    Shelf.FAVOURITES.value: N_("Favourites"),
    Shelf.TRASH.value: N_("Trash"),
}
ORDERS: Final[dict[str, str]] = {
    Order.NEWEST.value: N_("Newest first"),
    Order.OLDEST.value: N_("Oldest first"),
    Order.RATING.value: N_("Best rated first"),
    Order.PROMPT.value: N_("Found in the prompt first"),
}
LOOKS: Final = {"cards": N_("Cards"), "table": N_("Table")}
SIZES: Final = {"small": N_("Small"), "medium": N_("Medium"), "large": N_("Large")}
STACKS: Final = {"on": N_("Takes on stacks"), "off": N_("Each by itself")}
ALL: Final = Shelf.ALL.value
KEPT: Final = ("q", "shelf", "collection", "order", "view", "size", "stack")


def library_bar() -> View:
    """Show the controls; return what they ask for."""
    text = from_address("q")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("Search"),
            key="q",
            type="search",
            placeholder=_("Words from a prompt, an answer, notes or tags"),
            icon=":material/search:",
            on_change=into_address,
            args=("q",),
        )
        with st.popover(_("Filters"), icon=":material/filter_alt:"):
            filter_help()
        with st.popover(_("Saved"), icon=":material/bookmark:"):
            _saved()
    shelf = Shelf(from_address("shelf", list(SHELVES), ALL))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.radio(  # the chosen segment of a segmented control is too faint in the dark
            _("Shelf"),
            list(SHELVES),
            key="shelf",
            format_func=lambda one: _(SHELVES[one]),
            horizontal=True,
            label_visibility="collapsed",
            on_change=into_address,
            args=("shelf", ALL),
        )
        collection = _collections()
    order = Order(from_address("order", list(ORDERS), Order.NEWEST.value))
    return View(text=text, shelf=shelf, collection=collection, order=order, offset_minutes=offset_minutes())


def looks() -> tuple[str, str, bool]:
    """Show the order, and what the cards may look like; return view, size, and whether takes lie on stacks."""
    _pick("order", _("Order"), ORDERS, Order.NEWEST.value, width=190)
    stacks = _pick("stack", _("Stacks"), STACKS, "on", width=160) == "on"
    view = _pick("view", _("View"), LOOKS, "cards", width=110)
    return view, _pick("size", _("Size"), SIZES, "medium", width=120), stacks


def _pick(key: str, label: str, options: dict[str, str], default: str, *, width: int) -> str:
    value = from_address(key, list(options), default)
    st.selectbox(
        label,
        list(options),
        key=key,
        format_func=lambda one: _(options[one]),
        label_visibility="collapsed",
        width=width,
        on_change=into_address,
        args=(key, default),
    )
    return value


def _collections() -> str:
    """Offer the collections, once there is one."""
    held = {one.id: one for one in mine().marks.collections()}
    value = from_address("collection", ["", *held])
    if held:
        st.selectbox(
            _("Collection"),
            ["", *held],
            key="collection",
            format_func=lambda one: _named(held[one]) if one else _("Every collection"),
            label_visibility="collapsed",
            width=190,
            on_change=into_address,
            args=("collection",),
        )
        manage(value, list(held.values()))
    return value


def _named(one: Collection) -> str:
    return f"{one.name} ({one.count:,}{'+' if one.count == COUNTED else ''})"


def _saved() -> None:
    for one in mine().saved_searches.all():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(plain(one.name, 60), key=f"saved-{one.id}", width="stretch", on_click=_show, args=(one.query,))
            st.button(
                "",
                key=f"forget-{one.id}",
                icon=":material/delete:",
                type="tertiary",
                help=_("Forget this search"),
                on_click=_forget,
                args=(one.id,),
            )
    with st.form("save-search", border=False, clear_on_submit=True):
        st.text_input(_("Name for what is shown now"), key="search-name", max_chars=60)
        st.form_submit_button(_("Save this search"), icon=":material/bookmark_add:", on_click=_save)


@whole
def _save() -> None:
    shown = {key: value for key, value in st.query_params.items() if key in KEPT}
    if tried(lambda: mine().saved_searches.save(st.session_state["search-name"], urlencode(shown))):
        notice(_("Saved. It is in the list of saved searches."))


@whole
def _forget(search_id: str) -> None:
    tried(lambda: mine().saved_searches.remove(search_id))


@whole
def _show(query: str) -> None:
    go_to(**{key: value for key, value in parse_qsl(query) if key in KEPT})
