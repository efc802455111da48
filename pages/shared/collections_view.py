"""Collections: chosen when a prompt is sent, renamed and dissolved in the Library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.notice import notice
from pages.shared.people import team
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.library.marks import Collection

_SEND_TO: Final = "send_to_collection"


def send_to() -> str:
    """Return the name of the collection that new prompts go into; "" for none. Remembered like the language."""
    if _SEND_TO not in st.session_state:
        st.session_state[_SEND_TO] = mine().preferences.get(_SEND_TO) or ""
    return str(st.session_state[_SEND_TO])


def choose_send_to() -> None:
    """Offer the collections, and a new one by its name."""
    now = send_to()
    names = mine().marks.collection_names()
    st.session_state["send-to"] = now or None
    st.selectbox(
        _("Collection"),
        list(dict.fromkeys([*names, *([now] if now else [])])),
        key="send-to",
        index=None,
        accept_new_options=True,
        placeholder=_("None, or type a name"),
        help=_("What you send goes into it, until you choose another."),
        on_change=_choose,
    )


def manage(collection_id: str, held: Sequence[Collection]) -> None:
    """Offer to rename and to dissolve the collection that is shown."""
    shown = next((one for one in held if one.id == collection_id), None)
    if shown is None:
        return
    with st.popover("", icon=":material/edit:", help=_("Rename or dissolve this collection")):
        with st.form("rename-collection", border=False):
            st.text_input(_("Name"), value=shown.name, key=f"collection-name-{shown.id}", max_chars=60)
            st.form_submit_button(_("Rename"), icon=":material/check:", on_click=_rename, args=(shown.id,))
        if team():
            _sharing(shown.id)
        said = ngettext(
            "{count} prompt is in it. It stays in the Library.",
            "{count} prompts are in it. They stay in the Library.",
            shown.count,
        )
        st.caption(said.format(count=f"{shown.count:,}"))
        if st.session_state.get("dissolving") == shown.id:
            st.button(
                _("Yes, dissolve it"),
                key="dissolve-yes",
                type="primary",
                on_click=_dissolve,
                args=(shown.id, shown.name),
            )
        else:
            st.button(
                _("Dissolve this collection"), key="dissolve", icon=":material/delete:", on_click=_ask, args=(shown.id,)
            )


def _sharing(collection_id: str) -> None:
    key = f"share-{collection_id}"
    st.session_state[key] = mine().sharing.is_shared(collection_id)
    st.toggle(
        _("Show it to everybody who is let in"),
        key=key,
        help=_("Others see its prompts and videos on the page Shared, until you turn this off."),
        on_change=_share,
        args=(collection_id,),
    )


@whole
def _share(collection_id: str) -> None:
    sharing = mine().sharing
    act = sharing.share if st.session_state[f"share-{collection_id}"] else sharing.unshare
    tried(lambda: act(collection_id))


@whole
def _choose() -> None:
    name = " ".join((st.session_state["send-to"] or "").split())
    if not name or tried(lambda: mine().marks.make_collection(name)):
        st.session_state[_SEND_TO] = name
        mine().preferences.set(_SEND_TO, name)


@whole
def _rename(collection_id: str) -> None:
    name = st.session_state[f"collection-name-{collection_id}"]
    before = next((one.name for one in mine().marks.collections() if one.id == collection_id), "")
    if tried(lambda: mine().marks.rename_collection(collection_id, name)) and before == send_to():
        _send_to(name)


@whole
def _ask(collection_id: str) -> None:
    st.session_state.dissolving = collection_id


@whole
def _dissolve(collection_id: str, name: str) -> None:
    st.session_state.pop("dissolving", None)
    if tried(lambda: mine().marks.dissolve_collection(collection_id)):
        st.query_params.pop("collection", None)
        if name == send_to():
            _send_to("")
        notice(_("Dissolved: {name}. What was in it is in the Library.").format(name=plain(name, 60)))


def _send_to(name: str) -> None:
    st.session_state[_SEND_TO] = " ".join(name.split())
    mine().preferences.set(_SEND_TO, st.session_state[_SEND_TO])
