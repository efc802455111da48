"""Sentences in the reader's language. Looked up per call: two people speak two languages in one process.

The English sentence is its own key. `N_` marks one for the catalogue where it is written but not yet shown.
"""

from __future__ import annotations

import contextlib
import gettext as catalogues
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from pages.shared.runtime import mine
from services.errors import StoreError

LANGUAGES: Final = {"en": "English", "zh_CN": "中文"}
_FOLDER = Path(__file__).resolve().parent.parent.parent / "locale"
_REMEMBERED = "language"


def N_(message: str) -> str:  # noqa: N802  # the name every catalogue tool knows
    """Return the sentence as it is; the mark alone puts it into the catalogue."""
    return message


def language() -> str:
    """Return the language of this session: chosen, remembered, or the browser's."""
    if _REMEMBERED not in st.session_state:
        try:
            remembered = mine().preferences.get(_REMEMBERED)
        except StoreError:  # the page that tells so speaks the browser's language
            return closest(st.context.locale)
        st.session_state[_REMEMBERED] = remembered if remembered in LANGUAGES else closest(st.context.locale)
    return str(st.session_state[_REMEMBERED])


def choose_language(code: str) -> None:
    """Speak this language from now on, here and at the next visit."""
    st.session_state[_REMEMBERED] = code
    with contextlib.suppress(StoreError):  # this visit speaks it all the same
        mine().preferences.set(_REMEMBERED, code)


def closest(locale: str | None) -> str:
    """Return the language we have that is nearest to a browser's wish.

    >>> closest("zh-TW"), closest("de-DE"), closest(None)
    ('zh_CN', 'en', 'en')
    """
    return "zh_CN" if (locale or "").lower().startswith("zh") else "en"


def gettext(message: str) -> str:
    """Return the sentence in the reader's language."""
    return _catalogue(language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the sentence that fits this count, in the reader's language."""
    return _catalogue(language()).ngettext(one, many, count)


def together(*sentences: str) -> str:
    """Return the sentences one after the other, empty ones left out; Chinese puts no space between them."""
    return ("" if language() == "zh_CN" else " ").join(filter(None, sentences))


def listed(names: Iterable[str]) -> str:
    """Return names one after the other, as the reader's language parts them."""
    return ("、" if language() == "zh_CN" else ", ").join(names)


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    return catalogues.translation("dailies", _FOLDER, [code], fallback=True)
