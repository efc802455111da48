"""Cast cards and continuity blocks on the Templates page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.batch_view import problems_table
from pages.shared.i18n import gettext as _
from pages.shared.notice import clear_notice, notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.prompts import cards as card_files
from services.prompts.cards import Block
from services.prompts.fields import Person

if TYPE_CHECKING:
    from services.prompts.cards import Cards
    from services.prompts.checked import Checked


def cards_section() -> None:
    """Show the cards, a form for a new one, and their file."""
    st.caption(_("A card says a person or a place in the very same words each time."))
    kept = mine().cards.all()
    for person in kept.cast:
        _card("cast", person.name, "\n".join(person.traits))
    for block in kept.continuity:
        _card("continuity", block.name, block.text)
    _undo()
    people, places = st.columns(2)
    with people:
        st.text_input(_("Name of a person"), key="cast-name", placeholder=_("Mei"))
        st.text_area(_("What never changes, one a line"), key="cast-traits", height=110)
        st.button(_("Keep this person"), key="cast-keep", icon=":material/person_add:", on_click=_keep_person)
    with places:
        st.text_input(_("Name of a continuity block"), key="block-name")
        st.text_area(_("Words put before every shot"), key="block-text", height=110)
        st.button(_("Keep this block"), key="block-keep", icon=":material/add_location:", on_click=_keep_block)
    _files(kept)


def _card(kind: str, name: str, text: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card-{kind}-{_slug(name)}"):
        with st.container(width="stretch"):
            st.markdown(f"**{plain(name, 80)}**")
            st.text(text)
        st.button(
            _("Put away"),
            key=f"card-away-{kind}-{_slug(name)}",
            icon=":material/archive:",
            on_click=_put_away,
            args=(kind, name),
        )


def _slug(name: str) -> str:
    return name.casefold().encode().hex()[:80]


def _undo() -> None:
    away = st.session_state.get("card_away")
    if away:
        st.button(_("Undo: bring the card back"), key="card-undo", icon=":material/undo:", on_click=_bring_back)


def _files(kept: Cards) -> None:
    st.download_button(
        _("Download the cards as JSON"),
        lambda: card_files.to_json(kept),
        file_name="dailies-cards.json",
        key="cards-json",
        icon=":material/download:",
        on_click="ignore",
        disabled=not (kept.cast or kept.continuity),
    )
    given = st.file_uploader(_("Read cards from a JSON file"), type=["json"], key="cards-file", max_upload_size=5)
    if given is None:
        return
    read = card_files.from_json(given.getvalue().decode("utf-8-sig", "replace"))
    if read.value is None:
        problems_table(read.problems)
        return
    st.button(
        _("Keep these cards"), key="cards-take", icon=":material/bookmark_add:", on_click=_take_in, args=(read.value,)
    )


@whole
def _keep_person() -> None:
    traits = tuple(line.strip() for line in st.session_state["cast-traits"].splitlines() if line.strip())
    if _told(mine().cards.keep(Person(st.session_state["cast-name"].strip(), traits))):
        st.session_state["cast-name"] = st.session_state["cast-traits"] = ""


@whole
def _keep_block() -> None:
    block = Block(st.session_state["block-name"].strip(), st.session_state["block-text"].strip())
    if _told(mine().cards.keep(block)):
        st.session_state["block-name"] = st.session_state["block-text"] = ""


def _told(read: Checked[Cards]) -> bool:
    """Say what came of it: kept, or what the card lacks."""
    clear_notice()
    if read.value is not None:
        notice(_("Kept."))
        return True
    problem = read.problems[0]
    notice(plain(_(problem.sentence).format(**problem.params)), bad=True)
    return False


@whole
def _put_away(kind: str, name: str) -> None:
    if tried(lambda: mine().cards.forget("cast" if kind == "cast" else "continuity", name)):
        st.session_state.card_away = (kind, name)


@whole
def _bring_back() -> None:
    kind, name = st.session_state.pop("card_away")
    tried(lambda: mine().cards.bring_back("cast" if kind == "cast" else "continuity", name))


@whole
def _take_in(read: Cards) -> None:
    if tried(lambda: mine().cards.take_in(read)):
        notice(_("Kept."))
