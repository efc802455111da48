"""What a person reads: the real parts of our pages, run by Streamlit, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from streamlit.testing.v1 import AppTest

from services.errors import DailiesError
from services.generations import Generation

LANGUAGES = ("en", "zh_CN")
_ICON = re.compile(r":material/\w+:\s*")


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences in each language, and all that is on the screen with them."""

    en: str
    zh: str
    screen: str


def told(generation: Generation) -> Told:
    """Show a generation as its own page shows it."""
    return _in_both(_show, generation=generation)


def explained(error: DailiesError) -> Told:
    """Show a refusal as the notice at the top of a page shows it."""
    return _in_both(_refuse, error=error)


def unsaved(code: str) -> Told:
    """Show the banner of words that are in memory only, because of this trouble."""
    return _in_both(_warn, code=code)


def _show(generation: object) -> None:  # run as a script of its own: it knows no name of this module
    import streamlit as st

    from pages.shared.cards import badge, result
    from pages.shared.details import answer, facts
    from pages.shared.i18n import gettext as _
    from pages.shared.words import MEANINGS, UNFINISHED, money
    from services.generations import Generation

    assert isinstance(generation, Generation)
    if generation.state in UNFINISHED:
        badge(generation)
        st.markdown(f"{_(MEANINGS[generation.state])} {money(generation)}")
    else:
        result(generation)
    st.divider()
    answer(generation)
    facts(generation)


def _refuse(error: object) -> None:
    import streamlit as st

    from pages.shared.errors import explain
    from services.errors import DailiesError

    assert isinstance(error, DailiesError)
    st.error(explain(error))
    st.divider()


def _warn(code: str) -> None:
    import streamlit as st

    from pages.shared.errors import explain_code
    from pages.shared.i18n import gettext as _

    sentence = _("Not saved yet: the newest words are in memory. Saving is tried again by itself; nothing is lost.")
    st.warning(f"{sentence} {explain_code(code)}")
    st.divider()


def _in_both(screen: Any, **given: Any) -> Told:
    said, seen = [], []
    for language in LANGUAGES:
        app = AppTest.from_function(screen, kwargs=given, default_timeout=60)
        app.session_state["language"] = language
        app.run()
        assert not app.exception, app.exception
        said.append(_sentence(app))
        seen.append("\n".join(str(node.proto) for node in app.main if getattr(node, "proto", None) is not None))
    return Told(said[0], said[1], "\n".join(seen))


def _sentence(app: AppTest) -> str:
    """Return the words above the first line across the page: the badge, then what happened and what to do next."""
    words: list[str] = []
    for node in app.main:
        if node.type == "divider":
            break
        if node.type in {"markdown", "warning", "error", "info", "badge"}:
            words.append(_plain(str(getattr(node, "value", ""))))
    return " ".join(word for word in dict.fromkeys(words) if word)


def _plain(text: str) -> str:
    badge = re.fullmatch(r":\w+-badge\[(.*)\]", text)
    return _ICON.sub("", f"{badge[1]}." if badge else text).strip()
