"""Fields as Hypothesis makes them, and a filled example in both languages."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from services.prompts.fields import Beat, Controls, Fields, Line, Person, Place, Sound
from services.prompts.vocabulary import words

FEW = settings(max_examples=30, deadline=None)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


def _picks(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    word = st.one_of(st.sampled_from([each.en for each in words(name)]), TEXT)
    return st.lists(word, max_size=3).map(tuple)


_SECONDS = st.one_of(st.none(), st.floats(0.5, 60).map(lambda seconds: round(seconds, 1)))

FIELDS = st.builds(
    Fields,
    purpose=st.sampled_from(["", "ad", "story"]),
    controls=st.builds(Controls, model=TEXT, seconds=_SECONDS, takes=st.integers(1, 9)),
    looks=_picks("style"),
    place=st.builds(Place, TEXT, _picks("time_weather_air"), _picks("time_weather_air")),
    cast=st.lists(st.builds(Person, TEXT, st.lists(TEXT, max_size=3).map(tuple)), max_size=3).map(tuple),
    beats=st.lists(st.builds(Beat, TEXT, _SECONDS), max_size=4).map(tuple),
    pace=_picks("pace_and_cuts"),
    shots=_picks("shot_types"),
    angles=_picks("shot_types"),
    moves=_picks("camera_moves"),
    move_pace=st.sampled_from(["", "slow", "normal", "fast"]),
    lens=_picks("lens_and_focus"),
    light=_picks("lighting"),
    palette=_picks("palette"),
    mood=_picks("mood"),
    dialogue=st.lists(st.builds(Line, TEXT, TEXT, TEXT), max_size=3).map(tuple),
    sound=st.builds(Sound, _picks("audio"), _picks("audio"), _picks("audio")),
    on_screen=st.lists(TEXT, max_size=2).map(tuple),
    keep=TEXT,
    avoid=TEXT,
    continuity=TEXT,
    remix=TEXT,
)

QUAY = Fields(
    purpose="story",
    looks=("35 mm film",),
    place=Place("A stone quay with one bench", ("dawn",), ("mist",)),
    cast=(Person("Mei", ("woman of 30", "red raincoat")),),
    beats=(Beat("She takes four steps", 2), Beat("She sits down", 2)),
    shots=("medium shot",),
    angles=("eye level",),
    moves=("slow push-in",),
    lens=("50 mm", "shallow depth of field"),
    light=("backlight",),
    palette=("navy, silver, ice",),
    mood=("calm",),
    dialogue=(Line("Mei", "We made it.", "softly"),),
    sound=Sound(("ocean waves",), ("footsteps on gravel",), ("solo piano",)),
    on_screen=("Platform 4",),
    keep="her face",
    avoid="crowds",
    continuity="Same quay, same grey morning.",
)
