"""The few kinds of widget that the composer is made of. Each shows a part of the fields and keeps what is done to it.

A widget is told its value only when it says something else than the fields do: what is being typed is never replaced.
`live=True` and no other pause: a pause in words ("400ms") makes Streamlit import pandas to read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from pages.shared.compose_desk import chosen, reader
from pages.shared.i18n import gettext as _
from pages.shared.whole import whole
from services.prompts.field_help import FIELDS
from services.prompts.fields import Fields
from services.prompts.findings import part, with_part
from services.prompts.growing import with_row
from services.prompts.vocabulary import Word, find, key, say, words

HELP: Final = {each.id: each for each in FIELDS}
Lists = tuple[tuple[str, str], ...]


def typed(fields: Fields, path: str, label: str, field_id: str, *, tall: bool = False, example: str = "") -> None:
    """Show a text; kept at each pause in typing (a tall one by components/prompt_box.js)."""
    name, value = key_of(path), part(fields, path)
    tell(name, value, lambda said: said == value)
    example = example or _(HELP[field_id].example)
    said: dict[str, Any] = {"key": name, "help": _(HELP[field_id].help), "placeholder": example}
    if tall:
        st.text_area(label, height=90, on_change=_take, args=(path, name), **said)
    else:
        st.text_input(label, live=True, on_change=_take, args=(path, name), **said)


def several(fields: Fields, path: str, label: str, field_id: str, lists: Lists) -> None:
    """Show words to pick from and words of one's own."""
    name, value = key_of(path), list(part(fields, path))
    tell(name, value, lambda said: list(said or ()) == value)
    st.multiselect(
        label,
        _options(lists, value),
        key=name,
        format_func=_said(lists),
        accept_new_options=True,
        placeholder=_examples(lists),
        help=_(HELP[field_id].help),
        on_change=_take_words,
        args=(path, name, lists),
    )


def one(fields: Fields, path: str, label: str, field_id: str, lists: Lists) -> None:
    """Show one word to pick, each with what it means; several only where there are several already."""
    value = part(fields, path)
    if len(value) > 1:
        several(fields, path, label, field_id, lists)
        return
    name, word = key_of(path) + "-one", value[0] if value else None
    tell(name, word, lambda said: said == word)
    st.selectbox(
        label,
        _options(lists, value),
        key=name,
        index=None,
        format_func=_explained(lists),
        accept_new_options=True,
        placeholder=_examples(lists),
        help=_(HELP[field_id].help),
        on_change=_take_words,
        args=(path, name, lists),
    )


def cell(row: Any, where: tuple[str, int, str], label: str, example: str, *, explained: bool = False) -> None:
    """Show a text of one row of a list that grows; only the first row says its labels, and its help if `explained`."""
    path, index, inner = where
    name, value = key_of(f"{path}-{index}-{inner}"), getattr(row, inner) if inner else row
    tell(name, value, lambda said: said == value)
    st.text_input(
        numbered(label, index),
        key=name,
        live=True,
        placeholder=example,
        help=_(HELP[path].help) if explained and not index else None,
        label_visibility="collapsed" if index else "visible",
        on_change=take_cell,
        args=(where, name, None),
    )


def numbered(label: str, index: int) -> str:
    """Return the label of a row, for those who hear it: the rows below the first show none."""
    return f"{label} {index + 1}" if index else label


def key_of(path: str) -> str:
    """Return the key of a part's widget."""
    return "f-" + path.replace(".", "-")


@whole
def _take(path: str, name: str) -> None:
    value = st.session_state[name] or ""
    chosen(lambda fields: with_part(fields, path, value))


@whole
def _take_words(path: str, name: str, lists: Lists) -> None:
    said = st.session_state[name] or []
    picked = tuple(_key(word, lists) for word in ([said] if isinstance(said, str) else said))
    chosen(lambda fields: with_part(fields, path, picked))


@whole
def take_cell(where: tuple[str, int, str], name: str, read: Callable[[Any], Any] | None) -> None:
    """Keep what was done to one cell of a row; `read` makes a part of the fields of it."""
    path, index, inner = where
    value = st.session_state[name]
    value = read(value) if read else value or ""
    chosen(lambda fields: with_row(fields, path, index, inner, value))


def tell(name: str, value: Any, same: Callable[[Any], bool]) -> None:
    """Give a widget its value, unless it says the same already."""
    if name not in st.session_state or not same(st.session_state[name]):
        st.session_state[name] = value


def _options(lists: Lists, own: Any) -> list[str]:
    known = [word.en for name, group in lists for word in words(name, group)]
    return list(dict.fromkeys([*known, *own]))


def _key(value: str, lists: Lists) -> str:
    return next((key(value, name) for name, _group in lists if find(value, name)), value.strip())


def _word(value: str, lists: Lists) -> Word | None:
    return next((word for name, _group in lists if (word := find(value, name))), None)


def _examples(lists: Lists) -> str:
    language, (name, group) = reader(), lists[0]
    return ("、" if language == "zh" else ", ").join(word.said(language) for word in words(name, group)[:2]) + " …"


def _said(lists: Lists) -> Callable[[str], str]:
    language, name = reader(), lists[0][0]
    return lambda value: word.said(language) if (word := _word(value, lists)) else say(value, language, name)


def _explained(lists: Lists) -> Callable[[str], str]:
    language = reader()

    def explained(value: str) -> str:
        word = _word(value, lists)
        return f"{word.said(language)} · {word.hinted(language)}" if word else value

    return explained
