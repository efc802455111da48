"""The fields of the composer, in the order a film is thought of. Only the part that is looked at is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from pages.shared.compose_begin import begin
from pages.shared.compose_box import changed_here
from pages.shared.compose_desk import chosen
from pages.shared.compose_lessons import taught
from pages.shared.compose_rows import beats, cast, lines, on_screen
from pages.shared.compose_widgets import HELP, one, several, tell, typed
from pages.shared.i18n import N_, listed, together
from pages.shared.i18n import gettext as _
from pages.shared.whole import whole
from services.prompts.desk import Desk
from services.prompts.fields import Fields
from services.prompts.findings import with_part

ALL: Final = "all"


def _scene(desk: Desk) -> None:
    fields = desk.fields
    typed(fields, "place.text", _("Where and when"), "place", tall=True)
    left, right = st.columns(2)
    with left:
        several(fields, "place.times", _("Time of day"), "place", (("time_weather_air", "time"),))
    with right:
        weather = (("time_weather_air", "weather"), ("time_weather_air", "air"))
        several(fields, "place.weather", _("Weather and air"), "place", weather)
    cast(fields)


def _action(desk: Desk) -> None:
    beats(desk.fields)
    several(desk.fields, "pace", _("Pace and cuts"), "beats", (("pace_and_cuts", ""),))
    lines(desk.fields)


def _camera(desk: Desk) -> None:
    fields = desk.fields
    left, right = st.columns(2)
    with left:
        one(fields, "shots", _("How much is seen"), "shot", (("shot_types", "size"), ("shot_types", "frame")))
    with right:
        one(fields, "angles", _("Angle"), "shot", (("shot_types", "angle"), ("shot_types", "tilt")))
    with left:
        one(fields, "moves", _("Camera move"), "move", (("camera_moves", ""),))
    with right:
        _speed(fields)
    several(fields, "lens", _("Lens and focus"), "lens", (("lens_and_focus", ""),))


def _light(desk: Desk) -> None:
    fields = desk.fields
    several(fields, "looks", _("Look"), "look", (("style", ""),))
    several(fields, "light", _("Light"), "light", (("lighting", ""),))
    several(fields, "palette", _("Colours"), "palette", (("palette", ""), ("colours", "")))
    several(fields, "mood", _("Mood"), "mood", (("mood", ""),))


def _sound(desk: Desk) -> None:
    fields = desk.fields
    several(fields, "sound.bed", _("Behind it all"), "sound", (("audio", "bed"),))
    several(fields, "sound.effects", _("Single sounds and voices"), "sound", (("audio", "effect"), ("audio", "voice")))
    several(fields, "sound.music", _("Music, or none"), "sound", (("audio", "music"), ("audio", "rule")))


def _rules(desk: Desk) -> None:
    fields = desk.fields
    on_screen(fields)
    left, right = st.columns(2)
    with left:
        typed(fields, "keep", _("Keep as it is"), "constraints", example=_("her face, the red coat"))
    with right:
        typed(fields, "avoid", _("Avoid"), "constraints", example=_("crowds, blur"))
    taught(desk)
    typed(fields, "continuity", _("Continuity"), "continuity", tall=True)
    typed(fields, "remix", _("Change one thing"), "remix")


SECTIONS: Final[dict[str, tuple[str, Callable[[Desk], None], tuple[str, ...]]]] = {
    "begin": (N_("Begin"), begin, ("purpose",)),
    "scene": (N_("Scene"), _scene, ("place", "cast")),
    "action": (N_("Action"), _action, ("beats", "dialogue")),
    "camera": (N_("Camera"), _camera, ("shot", "move", "lens")),
    "light": (N_("Light and look"), _light, ("look", "light", "palette", "mood")),
    "sound": (N_("Sound"), _sound, ("sound",)),
    "rules": (N_("Words and rules"), _rules, ("on_screen", "constraints", "continuity", "remix")),
}
"""What a section is called, what draws it, and the ids of its fields."""


def sections(desk: Desk) -> None:
    """Show the choice of sections and the one that is chosen."""
    names = {section: _(name) for section, (name, _draw, _ids) in SECTIONS.items()} | {ALL: _("All")}
    tell("compose-section", "begin", lambda said: bool(said))
    shown = st.radio(
        _("Part of the film"),
        list(names),
        key="compose-section",
        horizontal=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )
    for section, (name, draw, _ids) in SECTIONS.items():
        if shown == ALL:
            st.header(_(name), anchor=False, divider="gray")
        if shown in (section, ALL):
            _mark_changed(desk, _ids)
            draw(desk)


def _mark_changed(desk: Desk, ids: tuple[str, ...]) -> None:
    """Name the fields of a section that differ from the generation this began from."""
    if changed := [_(HELP[id].label) for id in ids if id in changed_here(desk)]:
        st.caption(f":material/change_history: {together(_('Changed:'), listed(changed))}")


def section_of(field_id: str) -> str:
    """Return the section where a field is changed."""
    return next((section for section, (_name, _draw, ids) in SECTIONS.items() if field_id in ids), "begin")


def _speed(fields: Fields) -> None:
    names = {"slow": _("Slow"), "normal": _("Normal"), "fast": _("Fast")}
    now = fields.move_pace if fields.move_pace in names else None
    tell("f-move_pace", now, lambda said: said == now)
    st.selectbox(
        _("Speed of the move"),
        list(names),
        key="f-move_pace",
        index=None,
        format_func=names.__getitem__,
        placeholder=_("As the model likes"),
        on_change=_take_speed,
    )


@whole
def _take_speed() -> None:
    speed: Any = st.session_state["f-move_pace"] or ""
    chosen(lambda fields: with_part(fields, "move_pace", speed))
