"""Too many and too long; and the picture against the model."""

from __future__ import annotations

import math
from typing import Final

from services.prompts.beat_clock import TOLERANCE_SECONDS, beat_clock, fit_beats
from services.prompts.fields import Fields
from services.prompts.findings import Context, Finding, Fix, Rule, keys, said, with_part
from services.prompts.marks import N_

MAX_LOOKS: Final = 2
MAX_PEOPLE: Final = 4
MAX_COLOURS: Final = 5
MAX_MOODS: Final = 2
_SHORTEN: Final = N_("Fit the beats into {seconds} s")
_LENGTHEN: Final = N_("Ask for {seconds} s")


def many_looks(fields: Fields, context: Context) -> Finding | None:
    """More than two looks."""
    looks = keys(fields, "looks")
    if len(looks) <= MAX_LOOKS:
        return None
    fix = Fix(
        N_("Keep only {word}"),
        {"word": said(looks[:MAX_LOOKS], context.language, "style")},
        lambda old: with_part(old, "looks", old.looks[:MAX_LOOKS]),
    )
    params = {"count": str(len(looks)), "limit": str(MAX_LOOKS)}
    return Finding(
        "many_looks", N_("{count} looks blur each other; {limit} are enough."), params, ("look",), (fix,), weight="hint"
    )


def many_moods(fields: Fields, context: Context) -> Finding | None:
    """More than two moods."""
    moods = keys(fields, "mood")
    if len(moods) <= MAX_MOODS:
        return None
    fix = Fix(
        N_("Keep only {word}"),
        {"word": said(moods[:MAX_MOODS], context.language, "mood")},
        lambda old: with_part(old, "mood", old.mood[:MAX_MOODS]),
    )
    params = {"count": str(len(moods)), "limit": str(MAX_MOODS)}
    return Finding(
        "many_moods", N_("{count} moods pull apart; {limit} are enough."), params, ("mood",), (fix,), weight="hint"
    )


def many_people(fields: Fields, _: Context) -> Finding | None:
    """More than four in the cast."""
    people = [person for person in fields.cast if person.name.strip() or any(trait.strip() for trait in person.traits)]
    if len(people) <= MAX_PEOPLE:
        return None
    fix = Fix(
        N_("Keep the first {limit}"),
        {"limit": str(MAX_PEOPLE)},
        lambda old: with_part(old, "cast", tuple(people[:MAX_PEOPLE])),
    )
    params = {"count": str(len(people)), "limit": str(MAX_PEOPLE)}
    return Finding(
        "many_people",
        N_("{count} are hard to tell apart in a short film; {limit} is a good limit."),
        params,
        ("cast",),
        (fix,),
        weight="hint",
    )


def many_colours(fields: Fields, _: Context) -> Finding | None:
    """More than five colours; a palette of the list counts each of its colours."""
    counts = [_colours_in(entry) for entry in keys(fields, "palette")]
    if sum(counts) <= MAX_COLOURS:
        return None
    kept = max(1, sum(sum(counts[: index + 1]) <= MAX_COLOURS for index in range(len(counts))))
    fix = Fix(
        N_("Keep the first {limit}"), {"limit": str(kept)}, lambda old: with_part(old, "palette", old.palette[:kept])
    )
    params = {"count": str(sum(counts)), "limit": str(MAX_COLOURS)}
    return Finding(
        "many_colours",
        N_("{count} colours hold nothing together; 3 to {limit} do."),
        params,
        ("palette",),
        (fix,) if len(counts) > 1 else (),
        weight="hint",
    )


def _colours_in(entry: str) -> int:
    for sign in "，、·;；":
        entry = entry.replace(sign, ",")
    return sum(bool(each.strip()) for each in entry.split(","))


def same_name(fields: Fields, _: Context) -> Finding | None:
    """Two in the cast with one name and different traits."""
    names = [person.name.strip().casefold() for person in fields.cast]
    twice = [
        person for person in fields.cast if person.name.strip() and names.count(person.name.strip().casefold()) > 1
    ]
    if len({person.traits for person in twice}) < 2:
        return None
    name = twice[0].name.strip()
    first = twice[0]

    def keep_first(old: Fields) -> Fields:
        others = (one for one in old.cast if one == first or one.name.strip().casefold() != name.casefold())
        return with_part(old, "cast", tuple(others))

    return Finding(
        "same_name",
        N_("Two of the cast are called {name} and do not look the same."),
        {"name": name},
        ("cast",),
        (Fix(N_("Keep the first {name}"), {"name": name}, keep_first),),
    )


def beats_too_long(fields: Fields, context: Context) -> Finding | None:
    """Beats that need more seconds than the clip has."""
    clock = beat_clock(fields, context.seconds, context.rates)
    if context.seconds is None or clock.beats_seconds <= context.seconds + TOLERANCE_SECONDS:
        return None
    clip = context.seconds
    shorten = Fix(_SHORTEN, {"seconds": f"{clip:g}"}, lambda old: fit_beats(old, clip))
    return Finding(
        "beats_too_long",
        N_("The beats need {needed} s; the clip is {seconds} s."),
        {"needed": f"{clock.beats_seconds:g}", "seconds": f"{clip:g}"},
        ("beats", "controls"),
        (shorten, *_lengthen(clock.beats_seconds, context)),
    )


def speech_too_long(fields: Fields, context: Context) -> Finding | None:
    """Lines that cannot be spoken in the clip's seconds."""
    clock = beat_clock(fields, context.seconds, context.rates)
    if context.seconds is None or clock.speech_seconds <= context.seconds + TOLERANCE_SECONDS:
        return None
    lines = [line for line in fields.dialogue if line.words.strip()]
    drop = Fix(N_("Take out the last line"), {}, lambda old: with_part(old, "dialogue", tuple(lines[:-1])))
    return Finding(
        "speech_too_long",
        N_("The spoken lines need {needed} s; the clip is {seconds} s."),
        {"needed": f"{math.ceil(clock.speech_seconds)}", "seconds": f"{context.seconds:g}"},
        ("dialogue", "controls"),
        (*_lengthen(clock.speech_seconds, context), *([drop] if len(lines) > 1 else [])),
    )


def _lengthen(needed: float, context: Context) -> tuple[Fix, ...]:
    longer = sorted(length for length in context.allowed_seconds if length + TOLERANCE_SECONDS >= needed)
    if not longer:
        return ()
    seconds = longer[0]
    return (Fix(_LENGTHEN, {"seconds": f"{seconds:g}"}, lambda old: with_part(old, "controls.seconds", seconds)),)


def picture_shape(fields: Fields, context: Context) -> Finding | None:
    """A portrait picture for a landscape film, or the other way round."""
    shape = _shape(context.picture)
    if not shape or context.orientation not in {"landscape", "portrait"} or shape in {context.orientation, "square"}:
        return None
    fix = Fix(N_("Ask for the picture's shape"), {}, lambda old: with_part(old, "controls.orientation", shape))
    sentence = {
        "portrait": N_("The picture is upright and the film will be wide: it will be cropped or padded."),
        "landscape": N_("The picture is wide and the film will be upright: it will be cropped or padded."),
    }[shape]
    return Finding("picture_shape", sentence, {}, ("controls",), (fix,))


def picture_unread(_: Fields, context: Context) -> Finding | None:
    """A picture for a model that takes none."""
    if context.picture is None or context.takes_picture is not False:
        return None
    return Finding("picture_unread", N_("This model takes no picture: it would be passed over."), {}, ("controls",))


def _shape(picture: tuple[int, int] | None) -> str:
    if picture is None or min(picture) <= 0:
        return ""
    ratio = picture[0] / picture[1]
    return "landscape" if ratio > 1.1 else "portrait" if ratio < 1 / 1.1 else "square"


RULES: Final[tuple[Rule, ...]] = (
    many_looks, many_moods, many_people, many_colours, same_name, beats_too_long, speech_too_long, picture_shape,
    picture_unread,
)  # fmt: skip
