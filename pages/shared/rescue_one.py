"""One generation on the rescue desk: what arrived, where to look, what to paste, what the bill says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.bill import bill
from pages.shared.cards import result
from pages.shared.i18n import gettext as _
from pages.shared.link_life import link_life
from pages.shared.outside import outside_link
from pages.shared.plain import shortened
from pages.shared.rescue_actions import bring_back, dismiss
from pages.shared.rescue_paste import paste_box, pasted
from pages.shared.resend import resend
from pages.shared.runtime import mine
from pages.shared.words import OURS, UNFINISHED

if TYPE_CHECKING:
    from services.generations import Generation

_SHOWN = 12


def one(generation: Generation) -> None:
    """Show all that can still be done for this one."""
    st.text(shortened(generation.prompt, 240))
    if generation.state in UNFINISHED:
        st.info(_("It has not ended yet: its answer may still bring the video."), icon=":material/schedule:")
        return
    if any(video.state == "kept" for video in generation.videos):
        st.success(_("The video is here, on the prompt it belongs to."), icon=":material/check:")
    result(generation)
    link_life(generation)
    _provider(generation)
    paste_box(generation)
    if not generation.demo:
        bill(generation)
    with st.container(horizontal=True, vertical_alignment="center"):
        resend(generation)
        if generation.dismissed_at is None:
            st.button(
                _("I'm done with this one"),
                key="done",
                icon=":material/archive:",
                on_click=dismiss,
                args=([generation.id],),
            )
        else:
            st.button(
                _("Put it back on the list"),
                key="not-done",
                icon=":material/unarchive:",
                on_click=bring_back,
                args=([generation.id],),
            )
        st.page_link(
            "generation.py",
            label=_("Everything about it"),
            icon=":material/open_in_full:",
            query_params={"id": generation.id},
        )
    _arrived(generation)
    pasted(generation)


def _provider(generation: Generation) -> None:
    links = list(_links(generation))
    if not links:
        return
    st.header(_("Open at the provider"), anchor=False)
    st.caption(_("Opens in a new tab of your browser. Nothing of yours is sent along."))
    with st.container(key="provider"):
        for url, kind in links:
            outside_link(url, kind)


def _links(generation: Generation) -> Iterator[tuple[str, str]]:
    """Yield each link once: those of the answer, then those that were pasted, then the endpoint's own site."""
    known: set[str] = set()
    said: list[dict[str, Any]] = [*generation.links]
    for paste in mine().rescue.pastes(generation.id):
        said += paste.links
    for link in said:
        url, kind = str(link.get("resolved") or link.get("url") or ""), str(link.get("kind"))
        if kind != "poster" and url not in known and len(known) < _SHOWN:
            known.add(url)
            yield url, kind
    if not generation.demo:
        yield generation.base_url, "site"


def _arrived(generation: Generation) -> None:
    """Show the words and ids that came. All foreign: st.code."""
    st.header(_("What arrived"), anchor=False)
    text = "\n\n".join(part for part in (generation.reasoning, generation.content) if part)
    said = "" if generation.error_code in OURS else generation.error_message
    if said:
        st.caption(_("What the endpoint said"))
        st.code(said, language=None, wrap_lines=True)
    if text:
        st.code(text, language=None, wrap_lines=True, height=260 if len(text) > 900 else "content")
    if generation.task_ids:
        st.caption(_("Task ids: give them to the provider when you ask what became of it."))
        st.code("\n".join(generation.task_ids[:20]), language=None)
    if not (text or said or generation.task_ids):
        st.caption(_("Nothing arrived."))
