"""The live answer: a component that appends what a WebSocket brings, without a script run (STREAMLIT 3)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.pace_words import clock_data
from pages.shared.runtime import mine
from pages.shared.words import IN_THE_NIGHT, LABELS

if TYPE_CHECKING:
    from services.generations import Generation

_FOLDER = Path(__file__).parent / "components"
_COMPONENT = st.components.v2.component(
    "live_text",
    js=(_FOLDER / "live_text.js").read_text("utf-8"),
    css=(_FOLDER / "live_text.css").read_text("utf-8"),
)


def _rerun() -> None:
    """Let the trigger cause its one rerun."""


def live_text(generation: Generation) -> None:
    """Show state, stage, progress, time and words of a running generation as they arrive.

    The page runs again once when a held generation is let go and once when it ends; never in between.
    """
    now = dt.datetime.now(dt.UTC)
    since = generation.sent_at or generation.created_at
    release = generation.release_at if generation.state == "held" else None
    _COMPONENT(
        key=f"live-{generation.id}",
        data={
            "id": generation.id,
            "state": str(generation.state),
            "elapsed": max(0.0, (now - since).total_seconds()),
            "release": max(0.0, (release - now).total_seconds()) if release else None,
            "labels": tuple(_labels(generation).items()),  # a dict would bring pandas: see gallery
            "countdown": _countdown(generation),
            "lost": _("The connection was lost; it comes back by itself."),
            "unsaved": _(
                "Not saved yet: the newest words are in memory. Saving is tried again by itself; nothing is lost."
            ),
            "answer": _("Answer"),
            "clock": clock_data(generation, mine().line.pace(generation)),
        },
        on_done_change=_rerun,
        on_moved_change=_rerun,
    )


def _countdown(generation: Generation) -> str:
    """Return what stands under what can be taken back: the seconds left, and what it may cost."""
    if generation.estimate_nano is None:
        return _("Sending in {seconds} s · what it costs is not known here")
    from pages.shared.money_words import estimate_said

    return _("Sending in {seconds} s · {cost}").replace("{cost}", estimate_said(generation))


def _labels(generation: Generation) -> dict[str, str]:
    said = {state: _(label) for state, label in LABELS.items()}
    return said if generation.send_before is None else said | {"held": _(IN_THE_NIGHT)}
