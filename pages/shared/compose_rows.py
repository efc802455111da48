"""Cast, beats, spoken lines, words on screen: rows that grow while they are filled in. To remove a row, empty it."""

from __future__ import annotations

import re
from functools import partial
from operator import eq
from typing import Any, Final

import streamlit as st

from pages.shared.compose_desk import reader
from pages.shared.compose_widgets import HELP, cell, key_of, numbered, take_cell, tell
from pages.shared.i18n import gettext as _
from services.prompts.fields import Fields, Line, Person
from services.prompts.fields_json import MAX_NUMBER
from services.prompts.growing import rows
from services.prompts.vocabulary import key, say, words

_BETWEEN: Final = re.compile(r"[,，、;；]")


def cast(fields: Fields) -> None:
    """Show who or what is seen: a name, and traits that go out in the very same words each time."""
    for index, person in enumerate(rows(fields, "cast")):
        left, right = st.columns([1, 2], vertical_alignment="bottom")
        with left:
            cell(person, ("cast", index, "name"), _("Who or what"), _("Mei"))
        with right:
            _traits(person, index)


def beats(fields: Fields) -> None:
    """Show what happens, step by step, with the seconds of each."""
    for index, beat in enumerate(rows(fields, "beats")):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            cell(beat, ("beats", index, "text"), _("Step"), _(HELP["beats"].example), explained=True)
        with right:
            name = key_of(f"beats-{index}-seconds")
            tell(name, beat.seconds, partial(eq, beat.seconds))
            st.number_input(
                numbered(_("Seconds"), index),
                0.0,
                MAX_NUMBER,
                None,
                0.5,
                format="%.1f",
                key=name,
                label_visibility="visible" if index == 0 else "collapsed",
                on_change=take_cell,
                args=(("beats", index, "seconds"), name, _seconds),
            )


def lines(fields: Fields) -> None:
    """Show what is said, by whom and how."""
    for index, line in enumerate(rows(fields, "dialogue")):
        left, middle, right = st.columns([1, 2, 1], vertical_alignment="bottom")
        with left:
            cell(line, ("dialogue", index, "speaker"), _("Speaker"), _("Mei"))
        with middle:
            cell(line, ("dialogue", index, "words"), _("Says"), _("We made it."), explained=True)
        with right:
            _manner(line, index)


def on_screen(fields: Fields) -> None:
    """Show the exact letters to be seen."""
    for index, text in enumerate(rows(fields, "on_screen")):
        cell(text, ("on_screen", index, ""), _("Words on screen"), _(HELP["on_screen"].example), explained=True)


def _traits(person: Person, index: int) -> None:
    name = key_of(f"cast-{index}-traits")
    comma = "，" if reader() == "zh" else ", "
    tell(name, comma.join(person.traits), lambda said: _split(said) == person.traits)
    st.text_input(
        numbered(_("What they look like"), index),
        key=name,
        live=True,
        placeholder=_("red raincoat, short black hair"),
        help=_(HELP["cast"].help) if index == 0 else None,
        label_visibility="visible" if index == 0 else "collapsed",
        on_change=take_cell,
        args=(("cast", index, "traits"), name, _split),
    )


def _manner(line: Line, index: int) -> None:
    name, language = key_of(f"dialogue-{index}-manner"), reader()
    tell(name, line.manner or None, lambda said: (said or "") == line.manner)
    known = [word.en for word in words("manner")]
    st.selectbox(
        numbered(_("How"), index),
        list(dict.fromkeys([*known, *([line.manner] if line.manner else [])])),
        key=name,
        index=None,
        format_func=lambda value: say(value, language, "manner"),
        accept_new_options=True,
        placeholder=_("softly"),
        label_visibility="visible" if index == 0 else "collapsed",
        on_change=take_cell,
        args=(("dialogue", index, "manner"), name, lambda said: key(said or "", "manner")),
    )


def _split(said: Any) -> tuple[str, ...]:
    return tuple(trait for each in _BETWEEN.split(said or "") if (trait := each.strip()))


def _seconds(said: Any) -> float | None:
    return float(said) if said else None
