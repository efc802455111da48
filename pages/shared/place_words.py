"""What waits, in words: which number it has, why it waits, until when, and when it may start."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import together
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import around, endpoint_name
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.generations import Generation
    from services.generations.line import Manner, Place

_SOON_SECONDS = 75.0


def waiting_line(generation: Generation) -> None:
    """Show where a queued one stands, and keep that true while it waits."""
    if generation.state == "queued":
        _look_again(generation.id)


@st.fragment(run_every=4.0)
def _look_again(generation_id: str) -> None:
    if place := mine().line.places().get(generation_id):
        st.caption(place_line(place))


def place_line(place: Place) -> str:
    """Return one line: number, reason, time."""
    parts = [_("Number {number} in line").format(number=place.number), _why(place), _start(place)]
    return " · ".join(filter(None, parts))


def line_key(places: dict[str, Place]) -> list[tuple[object, ...]]:
    """Return what a page shows of a line, to the minute: when that changes it is to be drawn anew."""
    return [(id, one.number, str(one.why), one.until, one.limit, _start(one)) for id, one in places.items()]


def _why(place: Place) -> str:
    until = "" if place.until is None else hour(place.until)
    said = {
        "paused": _("the queue is paused"),
        "refused": _("“too many requests”: nothing is sent there before {time}").format(time=until),
        "minute": _("{count} a minute are allowed, the next goes at {time}").format(count=place.limit, time=until),
        "at_once": _("{count} at once are allowed there, and they run").format(count=place.limit),
        "person": _("{count} of yours may run at once, and they do").format(count=place.limit),
        "turn": "",
    }
    return said[place.why]


def _start(place: Place) -> str:
    if place.starts_at is None:
        return "" if place.why == "paused" else _("nobody can tell yet when it starts")
    if place.until is not None and place.starts_at - place.until < dt.timedelta(seconds=5):
        return ""  # the reason says it
    if (place.starts_at - dt.datetime.now(dt.UTC)).total_seconds() < _SOON_SECONDS:
        return _("starts within a minute or so")
    return _("starts at about {time}").format(time=hour(place.starts_at, seconds=False))


def hour(at: dt.datetime, *, seconds: bool = True) -> str:
    """Return a point in time on the viewer's wall clock; with its date when that is not within the day."""
    ahead = abs((at - dt.datetime.now(dt.UTC)).total_seconds())
    form = "%H:%M:%S" if seconds and ahead < 3600 else "%H:%M"
    return (at + dt.timedelta(minutes=offset_minutes())).strftime(form if ahead < 12 * 3600 else "%Y-%m-%d %H:%M")


def holds() -> None:
    """Say which endpoints refused because too much was sent, until when nothing goes there, and what can be done."""
    held = mine().line.holds()
    names = {one.id: endpoint_name(one.name, demo=one.demo) for one in mine().endpoints.list()} if held else {}
    for manner in held:
        with st.container(border=True, key=f"held-{manner.endpoint_id}"):
            st.markdown(_hold(manner, plain(names.get(manner.endpoint_id, "?"), 60)))
            st.button(
                _("Go on now"),
                key=f"go-on-{manner.endpoint_id}",
                icon=":material/play_arrow:",
                on_click=forget_refusals,
                args=(manner.endpoint_id,),
            )


def _hold(manner: Manner, name: str) -> str:
    at, until = (hour(time) if time else "" for time in (manner.refused_at, manner.held_until))
    what = _("**{name}** said “too many requests” (429) at {at}.").format(name=name, at=at)
    if manner.wait_seconds is None:
        why = _("It did not say when to come back, so nothing is sent there before {until}.")
    else:
        why = _("It asks to be left alone for {time}, so nothing is sent there before {until}.")
    why = why.format(time=around(manner.wait_seconds or 0.0), until=until)
    what_waits = _("What waits goes on then by itself. What was refused cost nothing and waits for your click.")
    return together(what, why, what_waits, learned(manner))


def learned(manner: Manner) -> str:
    """Return what an endpoint's refusals taught, in one sentence; blank if nothing."""
    if manner.learned.at_once:
        said = _("Learnt from that, for an hour: at most {count} at once.").format(count=manner.learned.at_once)
    elif manner.learned.per_minute:
        said = _("Learnt from that, for an hour: at most {count} a minute.").format(count=manner.learned.per_minute)
    else:
        return ""
    return said


def refusals_of(endpoint_id: str) -> None:
    """Show, among an endpoint's settings, what its refusals taught, and let it be forgotten."""
    manner = mine().line.manner(endpoint_id)
    said = learned(manner)
    if not said and manner.held_until is None:
        return
    until = "" if manner.held_until is None else hour(manner.held_until)
    held = _("It refused for being asked too often: nothing is sent there before {time}.").format(time=until)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(together(held if until else "", said), width="stretch")
        st.button(_("Forget that"), key=f"patience-{endpoint_id}", on_click=forget_refusals, args=(endpoint_id,))


@whole
def forget_refusals(endpoint_id: str) -> None:
    """Let what waits go at once: the person knows better."""
    tried(lambda: mine().line.forget(endpoint_id))
