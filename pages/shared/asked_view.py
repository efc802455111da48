"""Asked against got, on the page of a generation: shape, length, and what the relay printed of its own parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_controls import SHAPES
from pages.shared.compose_desk import presets
from pages.shared.i18n import gettext as _
from pages.shared.plain import plain
from pages.shared.words import clock
from services.library.asked import asked_against_got, echo
from services.library.differing import kept_video

if TYPE_CHECKING:
    from services.generations import Generation
    from services.library.asked import Echoed, Line


def asked_and_got(generation: Generation) -> None:
    """Tell what was asked for beside what came; nothing where nothing was."""
    video = kept_video(generation)
    lines = asked_against_got(generation, video, presets()) if video else ()
    printed = echo(generation)
    if not lines and not printed:
        return
    words = {"same": _("as asked"), "other": _("**not as asked**"), "unknown": _("unknown")}
    st.header(_("Asked and got"))
    if lines:
        rows = [
            f"| {_name(one)} | {_said(one, one.asked)} | {_said(one, one.got)} | {words[one.verdict]} |"
            for one in lines
        ]
        st.markdown("\n".join([f"| | {_('Asked')} | {_('Got')} | |", "|:--|:--|:--|:--|", *rows]))
    if printed:
        st.caption(_("What the endpoint printed of its own parameters, beside what was sent:"))
        st.markdown(
            "\n".join([f"| {_('Parameter')} | {_('Value')} | |", "|:--|:--|:--|", *(_row(one) for one in printed)])
        )


def _row(one: Echoed) -> str:
    words = {"same": _("as sent"), "other": _("**not as sent**"), "unknown": _("not sent by us")}
    return f"| {plain(one.name, 40)} | {plain(one.value, 120)} | {words[one.verdict]} |"


def _name(one: Line) -> str:
    return _("Shape") if one.name == "shape" else _("Length")


def _said(one: Line, value: str | float | None) -> str:
    if value is None:
        return _("unknown")
    if isinstance(value, float):
        return clock(value)
    return _(SHAPES[value]) if value in SHAPES else plain(value, 40)
