"""Two to four videos that play as one, and the choice between two: one component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import shortened
from pages.shared.words import clock, endpoint_name, moment
from pages.shared.zone import offset_minutes
from services.library.differing import kept_video

if TYPE_CHECKING:
    from services.generations import Generation

_FOLDER = Path(__file__).parent
_COMPONENT = st.components.v2.component(
    "players",
    js=(_FOLDER / "players.js").read_text("utf-8"),
    css=(_FOLDER / "players.css").read_text("utf-8"),
)
_STILL = st.components.v2.component("still", js=(_FOLDER / "still.js").read_text("utf-8"))


def players(
    generations: Sequence[Generation], *, key: str, choose: bool = False, on_chosen: Callable[[], None] = lambda: None
) -> None:
    """Play the first kept video of each in sync. With `choose` one of two can be said to be better: `chosen` tells."""
    _COMPONENT(
        key=key,
        data={  # tuples: see gallery
            "items": tuple(_item(one, blind=choose) for one in generations),
            "labels": tuple(_labels(choose=choose).items()),
        },
        on_chosen_change=on_chosen,
    )


def still(generation: Generation, *, key: str) -> None:
    """Show the poster of the first kept video; nothing where there is none. `st.image` would bring numpy and PIL."""
    video = kept_video(generation)
    if video and video.poster:
        _STILL(key=key, data={"poster": video.id, "alt": shortened(generation.prompt, 120)}, width=120)


def chosen(key: str) -> tuple[str, str]:
    """Return the ids of the winner and the loser that were just chosen."""
    said = (st.session_state.get(key) or {}).get("chosen") or {}
    return str(said.get("winner", "")), str(said.get("loser", ""))


def _item(one: Generation, *, blind: bool) -> dict[str, Any]:
    video = kept_video(one)
    facts = [endpoint_name(one.model, demo=one.demo), moment(one.created_at, offset_minutes())]
    if video and video.duration_seconds is not None:
        facts.append(clock(video.duration_seconds))
    if video and video.width and video.height:
        facts.append(f"{video.width}×{video.height}")
    if one.rating and not blind:  # old stars shall not sway who chooses
        facts.append("★" * one.rating)
    return {
        "id": one.id,
        "video": video.id if video else "",
        "poster": bool(video and video.poster),
        "title": shortened(one.prompt, 120),
        "facts": facts,
    }


def _labels(*, choose: bool) -> dict[str, str]:
    return {
        "group": _("Videos in sync"),
        "play": _("Play (space)"),
        "pause": _("Pause (space)"),
        "back": _("One frame back (,)"),
        "on": _("One frame on (.)"),
        "at": _("Place in the film"),
        "speed": _("Speed"),
        "loop": _("Loop"),
        "hear": _("Sound off"),
        "heard": _("Sound on"),
        "broken": _("This browser cannot play this video."),
        "choose": _("This one is better") if choose else "",
    }
