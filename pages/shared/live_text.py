"""The live answer: a component that appends what a WebSocket brings, without a script run (STREAMLIT 3)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.pace_words import clock_data
from pages.shared.runtime import mine
from pages.shared.tabs import this_tab
from pages.shared.words import IN_THE_NIGHT, LABELS

if TYPE_CHECKING:
    from services.generations import Generation

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "live_text",
    js=(_FOLDER / "live_text.js").read_text("utf-8"),
    css=(_FOLDER / "live_text.css").read_text("utf-8"),
)
_NOTHING: Final = {"id": None, "state": "queued", "elapsed": 0.0, "release": None, "countdown": "", "clock": ()}


def _rerun() -> None:
    """Let the trigger cause its one rerun."""


def live_text(generation: Generation) -> None:
    """Show state, stage, progress, time and words of a running generation as they arrive.

    The page runs again once when a held generation is let go and once when it ends; never in between.
    """
    _COMPONENT(
        key=f"live-{generation.id}",
        data=_words() | _standing(generation),
        on_done_change=_rerun,
        on_moved_change=_rerun,
    )


def live_here(generation: Generation | None) -> None:
    """Do the same for what this tab sends: there before anything is sent, and told of it by a line of its own.

    Without that line the first words waited for a run of the page and for the browser to draw it (ADR 0033).
    """
    standing = _standing(generation) if generation is not None else _NOTHING | {"labels": _labels(None)}
    _COMPONENT(
        key="live-now",
        data=_words() | standing | {"tab": this_tab()},
        on_done_change=_rerun,
        on_moved_change=_rerun,
    )


def _standing(generation: Generation) -> dict[str, object]:
    now = dt.datetime.now(dt.UTC)
    since = generation.sent_at or generation.created_at
    release = generation.release_at if generation.state == "held" else None
    return {
        "id": generation.id,
        "state": str(generation.state),
        "elapsed": max(0.0, (now - since).total_seconds()),
        "release": max(0.0, (release - now).total_seconds()) if release else None,
        "labels": _labels(generation.send_before),
        "countdown": _countdown(generation),
        "clock": clock_data(generation, mine().line.pace(generation)),
    }


def _words() -> dict[str, object]:
    return {
        "lost": _("The connection was lost; it comes back by itself."),
        "unsaved": _(
            "Not saved yet: the newest words are in memory. Saving is tried again by itself; nothing is lost."
        ),
        "answer": _("Answer"),
    }


def _countdown(generation: Generation) -> str:
    """Return what stands under what can be taken back: the seconds left, and what it may cost."""
    if generation.estimate_nano is None:
        return _("Sending in {seconds} s · what it costs is not known here")
    from pages.shared.money_words import estimate_said

    return _("Sending in {seconds} s · {cost}").replace("{cost}", estimate_said(generation))


def _labels(send_before: dt.datetime | None) -> tuple[tuple[str, str], ...]:
    """Return the words for the states, as pairs: a dict would bring pandas (see gallery)."""
    said = {state: _(label) for state, label in LABELS.items()}
    return tuple((said if send_before is None else said | {"held": _(IN_THE_NIGHT)}).items())
