"""The desk of this session: what the prompt box shows and the note beside it, kept on the server at each change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from pages.shared.i18n import language
from pages.shared.notice import notice_error
from pages.shared.runtime import mine
from pages.shared.whole import whole
from services.errors import PromptError, StoreError
from services.prompts.desk import Desk, note_of, read, with_fields, with_language
from services.prompts.fields import Fields
from services.prompts.own_presets import presets_of
from services.prompts.presets import Presets
from services.prompts.vocabulary import Language, language_of

_NOTE: Final = "desk-note"
_STEPS: Final = "desk-steps"
_OPEN: Final = "compose_open"
_PRESETS: Final = "own-presets"
_LANGUAGE: Final = "prompt_language"


def reader() -> Language:
    """Return the language that words of the craft are shown in: the page's."""
    return language_of(language())


def written_in() -> Language:
    """Return the language a new prompt is written in: chosen once, else the page's."""
    if _LANGUAGE not in st.session_state:
        st.session_state[_LANGUAGE] = mine().preferences.get(_LANGUAGE) or ""
    return language_of(st.session_state[_LANGUAGE] or language())


def write_in(chosen_language: Language) -> None:
    """Write this prompt and the coming ones in a language; what was changed by hand stays as it is."""
    st.session_state[_LANGUAGE] = chosen_language
    turned(lambda on_it: with_language(on_it, chosen_language))
    mine().preferences.set(_LANGUAGE, chosen_language)


def open_desk() -> None:
    """Fill the prompt box of a new visit with what was left, on whichever device."""
    if "prompt" not in st.session_state:
        desk, st.session_state[_STEPS] = mine().composing.open(written_in())
        _show(desk)


def desk() -> Desk:
    """Return what lies on the desk, with the text as it stands in the box; of another page, what was kept."""
    if "prompt" not in st.session_state:
        return mine().composing.open(written_in())[0]
    return read(st.session_state.get(_NOTE, ""), st.session_state.prompt, written_in())


def turned(turn: Callable[[Desk], Desk], *, step: bool = False) -> None:
    """Change the desk here and on the server. What cannot be kept is changed here all the same, and said."""
    before = desk()
    try:
        after = mine().composing.turn(before, turn, step=step)
    except PromptError as error:  # more than anything can hold: it stays as it was
        notice_error(error)
        return
    except StoreError as error:
        notice_error(error)
        after = turn(before)
    if step:
        st.session_state[_STEPS] = st.session_state.get(_STEPS, 0) + 1
    _show(after)


def chosen(change: Callable[[Fields], Fields]) -> None:
    """Change the fields, and the text with them unless a hand changed it."""
    turned(lambda on_it: with_fields(on_it, change(on_it.fields)))


def laid(other: Desk) -> None:
    """Lay something else on the desk; `put_back` brings the words back that lay there."""
    turned(lambda _: other, step=True)


@whole
def put_back() -> None:
    """Bring back what lay on the desk before the last big step."""
    _show(mine().composing.put_back(desk()))
    st.session_state[_STEPS] = mine().composing.open(written_in())[1]


def can_put_back() -> bool:
    """Tell whether something was cleared or replaced that can come back."""
    return bool(st.session_state.get(_STEPS))


def presets() -> Presets:
    """Return what models can be told, a person's own file first; asked for once a visit."""
    if _PRESETS not in st.session_state:
        st.session_state[_PRESETS] = mine().presets.text()
    return presets_of(st.session_state[_PRESETS])


def forget_presets() -> None:
    """Ask for the presets anew: they have changed."""
    st.session_state.pop(_PRESETS, None)


def composing() -> bool:
    """Tell whether this person composes with fields; remembered like the language."""
    if _OPEN not in st.session_state:
        st.session_state[_OPEN] = mine().preferences.get(_OPEN) == "1"
    return bool(st.session_state[_OPEN])


def compose_with_fields(*, on: bool = True) -> None:
    """Show the fields from now on, or hide them; nothing in them is lost."""
    st.session_state[_OPEN] = on
    mine().preferences.set(_OPEN, "1" if on else "0")


def _show(on_it: Desk) -> None:
    if st.session_state.get("prompt") != on_it.text:
        st.session_state.prompt = on_it.text
    st.session_state[_NOTE] = note_of(on_it)
