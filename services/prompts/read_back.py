"""The read-back card: what will be seen and heard, how long, at what cost, before anything is sent. Pure.

What is not known is said to be unknown; the card says what was asked for and promises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from services.prompts.composition import Composition
from services.prompts.fields import Fields
from services.prompts.findings import said
from services.prompts.marks import N_
from services.prompts.rules_camera import STATIC
from services.prompts.rules_scene import NO_MUSIC, NO_SPEECH
from services.prompts.vocabulary import Language, key, say

Kind = Literal["begins", "see", "style", "camera", "happens", "hear", "say", "read", "avoid", "lasts", "costs"]

BEGINS: Final = N_("It begins from your picture, if the model reads pictures.")
SEE: Final = N_("You will see {what}.")
SEE_UNKNOWN: Final = N_("What you will see is up to the model: no scene is described.")
AS_WRITTEN: Final = N_("You will see what your own text says.")
STYLE: Final = N_("It looks like {what}.")
CAMERA: Final = N_("The camera: {what}.")
CAMERA_UNKNOWN: Final = N_("The camera is up to the model.")
HAPPENS: Final = N_("In order: {what}.")
HEAR: Final = N_("You will hear {what}.")
HEAR_UNKNOWN: Final = N_("Sound is up to the model.")
SAY: Final = N_("{who} says: {words}")
SAY_SOMEONE: Final = N_("Someone says: {words}")
READ: Final = N_("You will read: {words}")
AVOID: Final = N_("It should stay away from {what}.")
LASTS: Final = N_("It lasts {seconds} s.")
LASTS_UNKNOWN: Final = N_("How long it lasts is unknown: the model decides.")
COSTS: Final = N_("It costs about {cost}.")
COSTS_MOST: Final = N_("It costs at most {cost}.")
COSTS_MANY: Final = N_("{count} takes cost about {cost} together.")
COSTS_UNKNOWN: Final = N_("What it costs is unknown: no price is set for this model.")
FREE: Final = N_("It costs nothing: this is the demo.")


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the card: a sentence to translate and what fills it. `known` False: it says that it is unknown."""

    kind: Kind
    sentence: str
    params: Mapping[str, str] = field(default_factory=dict)
    known: bool = True


def read_back(  # noqa: PLR0913  # one argument for each thing the card tells
    composition: Composition,
    language: Language,
    *,
    seconds: float | None,
    cost: str | None,
    most: bool = False,
    free: bool = False,
    picture: bool = False,
) -> tuple[CardLine, ...]:
    """Return the card in the reader's language.

    Args:
        composition: what will be sent; once the text was edited by hand, only the text is claimed.
        language: of the card, which may be another than the prompt's.
        seconds: the length that will really be asked for; None is unknown.
        cost: of all takes together, as money is written; None is unknown.
        most: the cost is not more than that; else it is about that.
        free: for the demo, which never costs anything.
        picture: whether one goes with the words.
    """
    lines: list[CardLine] = [CardLine("begins", BEGINS)] if picture else []
    if composition.edit is None:
        for part in _PARTS:
            lines.extend(part(composition.fields, language))
    else:
        lines.append(CardLine("see", AS_WRITTEN))
    lines.append(_lasts(seconds))
    lines.append(_costs(cost, composition.fields.controls.takes, most=most, free=free))
    return tuple(lines)


def _see(fields: Fields, language: Language) -> Iterator[CardLine]:
    place = fields.place
    when = [say(each, language, "time_weather_air") for each in (*place.times, *place.weather) if each.strip()]
    cast = [one.name.strip() or ", ".join(one.traits) for one in fields.cast]
    what = _listed([place.text.strip().rstrip(".。"), *when, *cast], language)
    yield CardLine("see", SEE, {"what": what}) if what else CardLine("see", SEE_UNKNOWN, known=False)


def _style(fields: Fields, language: Language) -> Iterator[CardLine]:
    what = _listed(
        [
            said(_some(fields.looks), language, "style"),
            said(_some(fields.mood), language, "mood"),
            said(_some(fields.light), language, "lighting"),
            said(_some(fields.palette), language, "palette"),
        ],
        language,
    )
    if what:
        yield CardLine("style", STYLE, {"what": what})


def _camera(fields: Fields, language: Language) -> Iterator[CardLine]:
    seen = said(_some(fields.shots + fields.angles), language, "shot_types")
    moves = said(_some(fields.moves or ()), language, "camera_moves")
    what = _listed([seen, moves, said(_some(fields.lens), language, "lens_and_focus")], language)
    still = bool(fields.moves) and all(key(move, "camera_moves") == STATIC for move in fields.moves)
    known = bool(what) or still
    yield CardLine("camera", CAMERA, {"what": what}) if known else CardLine("camera", CAMERA_UNKNOWN, known=False)


def _happens(fields: Fields, language: Language) -> Iterator[CardLine]:
    beats = [beat.text.strip().rstrip(".。") for beat in fields.beats if beat.text.strip()]
    if beats:
        yield CardLine("happens", HAPPENS, {"what": ("；" if language == "zh" else "; ").join(beats)})


def _hear(fields: Fields, language: Language) -> Iterator[CardLine]:
    sounds = _some(fields.sound.all)
    silent = {key(each, "audio") for each in sounds} <= {NO_MUSIC, NO_SPEECH}
    if sounds:
        yield CardLine("hear", HEAR, {"what": said(sounds, language, "audio")})
    if (not sounds or silent) and not fields.dialogue:
        yield CardLine("hear", HEAR_UNKNOWN, known=False)


def _say(fields: Fields, _: Language) -> Iterator[CardLine]:
    for line in fields.dialogue:
        words, who = line.words.strip(), line.speaker.strip()
        if words and who:
            yield CardLine("say", SAY, {"who": who, "words": words})
        elif words:
            yield CardLine("say", SAY_SOMEONE, {"words": words})


def _read(fields: Fields, language: Language) -> Iterator[CardLine]:
    words = _listed([each.strip() for each in fields.on_screen], language)
    if words:
        yield CardLine("read", READ, {"words": words})


def _avoid(fields: Fields, _: Language) -> Iterator[CardLine]:
    if fields.avoid.strip():
        yield CardLine("avoid", AVOID, {"what": fields.avoid.strip().rstrip(".。")})


def _lasts(seconds: float | None) -> CardLine:
    if seconds is None:
        return CardLine("lasts", LASTS_UNKNOWN, known=False)
    return CardLine("lasts", LASTS, {"seconds": f"{seconds:g}"})


def _costs(cost: str | None, count: int, *, most: bool, free: bool) -> CardLine:
    if free:
        return CardLine("costs", FREE)
    if cost is None:
        return CardLine("costs", COSTS_UNKNOWN, known=False)
    if count > 1:
        return CardLine("costs", COSTS_MANY, {"count": str(count), "cost": cost})
    return CardLine("costs", COSTS_MOST if most else COSTS, {"cost": cost})


_PARTS: Final[tuple[Callable[[Fields, Language], Iterator[CardLine]], ...]] = (
    _see, _style, _camera, _happens, _hear, _say, _read, _avoid,
)  # fmt: skip


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value.strip())


def _listed(values: list[str], language: Language) -> str:
    return ("，" if language == "zh" else ", ").join(value for value in values if value)
