"""How long the links of videos that are not saved yet may go on working, in words that are right when shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.rescued import still_told
from pages.shared.runtime import mine
from pages.shared.words import around

if TYPE_CHECKING:
    from services.generations import Generation
    from services.media.link_life import Expectation

_GONE = frozenset({"video_link_gone", "video_link_expired"})


def link_life(generation: Generation) -> None:
    """Say how long each link that is not saved yet may still work; nothing where nobody knows."""
    open_ones = [video for video in still_told(generation) if video.state != "kept" and video.error_code not in _GONE]
    if not open_ones:
        return
    expected = mine().rescue.expect(generation)
    for sentence in dict.fromkeys(_words(expected[video.id]) for video in open_ones):
        if sentence:
            st.caption(f":material/timer: {sentence}")


def _words(life: Expectation) -> str:
    if life.ends_at is None:
        return ""
    left = (life.ends_at - dt.datetime.now(dt.UTC)).total_seconds()
    if life.stated and left > 0:
        return _("The link says that it works for another {time}.").format(time=around(left))
    if life.stated:
        return _("The link says that it has ended.")
    host, typical = plain(life.host, 60), around(life.typical_seconds or 0)
    if left > 0:
        return _("Links at {host} last about {life}: this one has about {time} left.").format(
            host=host, life=typical, time=around(left)
        )
    return _("Links at {host} last about {life}: this one may be gone.").format(host=host, life=typical)
