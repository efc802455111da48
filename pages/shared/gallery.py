"""Many generations as one component: fifty cards cost one element (STREAMLIT 5)."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.plain import shortened
from pages.shared.words import UNFINISHED, clock, moment, state_word, tokens
from pages.shared.zone import offset_minutes
from services.library.hits import excerpt, marked

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.browsing import Card

PROMPT_CHARS: Final = 160
_FOLDER = Path(__file__).parent / "components"


def _packed(*names: str) -> str:
    """Return scripts or styles without indents and whole-line comments: they go to the browser with each first page."""
    return re.sub(
        r"^[ \t]*//.*\n|^[ \t]+", "", "".join((_FOLDER / name).read_text("utf-8") for name in names), flags=re.M
    )


_COMPONENT = st.components.v2.component(
    "gallery",
    js=_packed("picks.js", "gallery.js"),
    css=_packed("gallery.css", "picks.css"),
)


def gallery(  # noqa: PLR0913  # each is a choice of the page
    cards: Sequence[Card | Generation | tuple[Card, ...]],
    *,
    key: str,
    words: Sequence[str] = (),
    view: str = "cards",
    size: str = "medium",
    on_moved: Callable[[], None] = lambda: None,
    on_many: Callable[[], None] | None = None,
) -> None:
    """Show cards with posters, the words of a search marked. A click opens one; marks are kept by the server at once.

    A tuple is a stack: its first card lies on top, the others come out by a click.

    `on_moved` is called when cards were put into the trash or taken out: `moved(key)` tells which. With `on_many` cards
    can be chosen; it is called when something shall be done to those that are: `chosen(key)` tells which.
    """
    data = {
        "items": [_stack(one, words) if isinstance(one, tuple) else _card(one, words) for one in cards],
        "labels": _labels(),
        "heads": ("", _("Prompt"), _("What came of it"), _("Your marks")),
        "view": view,
        "size": size,
        "address": "generation?id=",
        "query": f"&{urlencode({'q': ' '.join(words)})}" if words else "",
        "picks": on_many is not None,
    }
    _COMPONENT(key=key, data=_small(data), on_moved_change=on_moved, on_many_change=on_many or (lambda: None))


def _small(data: dict[str, Any]) -> bytes:
    """Return it as the browser unpacks it: Streamlit would spell each Chinese character in six bytes, unpacked."""
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))


def moved(key: str) -> tuple[list[str], bool]:
    """Return the ids of the cards that were just moved, and whether to the trash (else out of it)."""
    said = (st.session_state.get(key) or {}).get("moved") or {}
    return [str(one) for one in said.get("ids", [])], said.get("to") == "trash"


def _stack(cards: tuple[Card, ...], words: Sequence[str]) -> dict[str, Any]:
    top, *below = cards
    count = ngettext("{count} take", "{count} takes", len(cards)).format(count=len(cards))
    return _card(top, words) | ({"under": [_card(one, words) for one in below], "count": count} if below else {})


def chosen(key: str) -> tuple[str, ...]:
    """Return the ids of the cards that something shall be done to."""
    said = (st.session_state.get(key) or {}).get("many") or []
    return tuple(str(one) for one in said)


def _labels() -> dict[str, Any]:
    return {
        "play": _("Play here (p)"),
        "stop": _("Stop playing (p)"),
        "open": _("Show all takes (s)"),
        "shut": _("Put the takes back on one stack (s)"),
        "compare": _("Compare these takes"),
        "pick": _("Choose (x; with Shift: all between)"),
        "picked": _("{count} chosen"),
        "many": _("Do something with them…"),
        "beside": _("Compare"),
        "every": _("All on this page"),
        "none": _("None"),
        "favourite": _("Favourite (f)"),
        "rating": _("Rating"),
        "stars": [
            ngettext("{count} star ({count})", "{count} stars ({count})", n).format(count=n) for n in range(1, 6)
        ],
        "trash": _("Put into the trash (Delete)"),
        "back": _("Take out of the trash"),
        "failed": _("This mark could not be kept. Try again in a moment."),
    }


def _card(card: Card | Generation, words: Sequence[str]) -> dict[str, Any]:
    poster = next((video.id for video in card.videos if video.poster), None)
    film = next((video.id for video in card.videos if video.state == "kept"), None)
    seconds = next((video.duration_seconds for video in card.videos if video.duration_seconds is not None), None)
    made_by = _("Demo") if card.demo else shortened(card.model, 60)
    prompt = shortened(card.prompt, PROMPT_CHARS)
    facts = [made_by, moment(card.created_at, offset_minutes())]
    item = {
        "id": card.id,
        "prompt": marked(prompt, words),
        "excerpt": _elsewhere(card, prompt, words),
        "poster": poster,
        "video": film,
        "seconds": "" if seconds is None else clock(seconds),
        "state": state_word(card),
        "facts": facts
        if card.total_tokens is None
        else [*facts, _("{count} tokens").format(count=tokens(card.total_tokens))],
        "tags": [shortened(tag, 24) for tag in getattr(card, "tags", ())[:6]],
        "favourite": card.favourite,
        "rating": card.rating,
        "trashed": card.trashed_at is not None,
        "ended": card.state not in UNFINISHED,
    }
    return {name: value for name, value in item.items() if value}  # what is not there need not be sent


def _elsewhere(card: Card | Generation, prompt: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return where a search hit the answer, the notes or the rest of the prompt, when the prompt shown has no hit."""
    if not words or excerpt(prompt, words, 1):
        return []
    found = next(
        filter(None, (excerpt(text, words, PROMPT_CHARS) for text in (card.prompt, card.notes, card.content))), ""
    )
    return marked(found, words) if found else []
