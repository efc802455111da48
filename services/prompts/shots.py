"""A shot list: several shots that share their cast and continuity, as one prompt or as one prompt a shot. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.prompts.compose import compose, seconds_said
from services.prompts.fields import Fields
from services.prompts.vocabulary import Language

_SHOT: Final = {"en": "Shot {number}", "zh": "镜头{number}"}


def seconds_of(shot: Fields) -> float | None:
    """Return how long a shot is: its own seconds, else the sum of its beats; None if neither is said."""
    beats = [beat.seconds for beat in shot.beats if beat.text.strip()]
    timed = sum(each for each in beats if each)
    return shot.controls.seconds or (timed if timed and all(beats) else None)


def from_beats(fields: Fields) -> tuple[Fields, ...]:
    """Return one shot a beat, all else the same words; lines go to the first, words on screen to the last."""
    beats = [beat for beat in fields.beats if beat.text.strip()]
    return tuple(
        replace(
            fields,
            beats=(replace(beat, seconds=None),),
            controls=replace(fields.controls, seconds=beat.seconds),
            dialogue=fields.dialogue if index == 0 else (),
            on_screen=fields.on_screen if index == len(beats) - 1 else (),
        )
        for index, beat in enumerate(beats)
    ) or (fields,)


def shared(shots: Sequence[Fields]) -> tuple[Fields, tuple[Fields, ...]]:
    """Return what all shots have in common (continuity, look, cast), and the shots without it."""
    first = shots[0]
    common = Fields(
        continuity=first.continuity if all(shot.continuity == first.continuity for shot in shots) else "",
        looks=first.looks if all(shot.looks == first.looks for shot in shots) else (),
        cast=first.cast if all(shot.cast == first.cast for shot in shots) else (),
    )
    rest = (
        replace(
            shot,
            continuity="" if common.continuity else shot.continuity,
            looks=() if common.looks else shot.looks,
            cast=() if common.cast else shot.cast,
        )
        for shot in shots
    )
    return common, tuple(rest)


def as_one(shots: Sequence[Fields], language: Language) -> str:
    """Return all shots as one prompt: what they share once, then a block for each that stands alone."""
    if not shots:
        return ""
    common, rest = shared(shots)
    blocks = [compose(common, language)]
    for number, shot in enumerate(rest, 1):
        seconds = seconds_of(shot)
        heading = _SHOT[language].format(number=number)
        if seconds:
            said = seconds_said(seconds, language)
            heading += f"（{said}）" if language == "zh" else f" ({said})"
        blocks.append(heading + ("：" if language == "zh" else ":") + "\n" + compose(shot, language))
    return "\n\n".join(block for block in blocks if block)


def as_storyboard(shots: Sequence[Fields], language: Language) -> str | None:
    """Return the shots as sora2api reads a storyboard, `[5.0s]` and one line each; None if a length is unknown.

    Source: PROTOCOL.md, section 3. What the shots share stands in front of the first.
    """
    if not shots or not all(seconds_of(shot) for shot in shots):
        return None
    common, rest = shared(shots)
    lines = [f"[{seconds_of(shot):.1f}s]{_one_line(compose(shot, language))}" for shot in rest]
    return "\n".join([*([_one_line(compose(common, language))] if compose(common, language) else []), *lines])


def one_each(shots: Sequence[Fields], language: Language) -> tuple[str, ...]:
    """Return a prompt for each shot, with everything it shares in the very same words."""
    return tuple(compose(shot, language) for shot in shots)


def _one_line(text: str) -> str:
    return " ".join(text.split())
