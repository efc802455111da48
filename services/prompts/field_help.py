"""What each of the 18 fields is called, what it is for, and an example: sentences marked for the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.prompts.fields import Fields, is_empty
from services.prompts.marks import N_


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """One field as a person sees it. `attributes` are the parts of `Fields` that it fills."""

    id: str
    label: str
    help: str
    example: str
    attributes: tuple[str, ...]


FIELDS: Final = (
    FieldHelp(
        "purpose",
        N_("What is it for"),
        N_("Not sent. It suggests a shape, a length and a few words where you have chosen none."),
        N_("A product shown on its own"),
        ("purpose",),
    ),
    FieldHelp(
        "controls",
        N_("Shape, seconds, takes"),
        N_("Goes with the request, not into the prose. What your model can be told is shown below."),
        N_("Portrait, 10 seconds, 2 takes"),
        ("controls",),
    ),
    FieldHelp(
        "look",
        N_("Look"),
        N_("The style of the whole film. One or two are enough; more blur each other."),
        N_("35 mm film"),
        ("looks",),
    ),
    FieldHelp(
        "place",
        N_("Where and when"),
        N_("Things one could see: the place, the hour, the weather. Nouns work better than praise."),
        N_("A wet crossing in Shanghai, neon in the puddles"),
        ("place",),
    ),
    FieldHelp(
        "cast",
        N_("Who or what"),
        N_("One to four, each with two to four clear traits. The same words go out every time."),
        N_("Mei: woman of 30, red raincoat, short black hair"),
        ("cast",),
    ),
    FieldHelp(
        "beats",
        N_("What happens"),
        N_("Small steps in order, each with its seconds. One action at a time is obeyed best."),
        N_("She takes four steps, stops, looks up"),
        ("beats", "pace"),
    ),
    FieldHelp(
        "shot",
        N_("Shot and angle"),
        N_("How much is in the picture, and from what height."),
        N_("Medium shot, eye level"),
        ("shots", "angles"),
    ),
    FieldHelp(
        "move",
        N_("Camera move"),
        N_("One move for one shot. A still camera is a good choice too."),
        N_("Slow push-in"),
        ("moves", "move_pace"),
    ),
    FieldHelp(
        "lens",
        N_("Lens and focus"),
        N_("Wide shows the place, long flattens it; shallow focus sets one thing apart."),
        N_("85 mm, shallow depth of field"),
        ("lens",),
    ),
    FieldHelp(
        "light",
        N_("Light"),
        N_("Where it comes from, from which side, hard or soft."),
        N_("Soft window light from the left"),
        ("light",),
    ),
    FieldHelp(
        "palette",
        N_("Colours"),
        N_("Three to five named colours hold the shots together."),
        N_("Amber, cream, walnut"),
        ("palette",),
    ),
    FieldHelp("mood", N_("Mood"), N_("One or two words for how it feels."), N_("Calm, hopeful"), ("mood",)),
    FieldHelp(
        "dialogue",
        N_("Spoken lines"),
        N_("Short lines with the name of who speaks. Four seconds hold one or two."),
        N_("Mei, softly: We made it."),
        ("dialogue",),
    ),
    FieldHelp(
        "sound",
        N_("Sound"),
        N_("What is heard behind it all, single sounds, and music or none."),
        N_("Rain on the window, a distant train, solo piano"),
        ("sound",),
    ),
    FieldHelp(
        "on_screen",
        N_("Words on screen"),
        N_("The exact letters to be seen. Few and short ones come out best."),
        N_("OPEN LATE"),
        ("on_screen",),
    ),
    FieldHelp(
        "constraints",
        N_("Keep and avoid"),
        N_("What must not change, and a short list of what should stay away."),
        N_("Keep her face the same; avoid crowds"),
        ("keep", "avoid"),
    ),
    FieldHelp(
        "continuity",
        N_("Continuity"),
        N_("A block that is put in front of every shot, word for word, so that shots match."),
        N_("Same kitchen, same morning light, same blue apron"),
        ("continuity",),
    ),
    FieldHelp(
        "remix",
        N_("Change one thing"),
        N_("When you begin from a video: everything stays, only this changes."),
        N_("The coat is yellow"),
        ("remix",),
    ),
)


def filled(fields: Fields, field_id: str) -> bool:
    """Tell whether a field says something."""
    return not all(is_empty(getattr(fields, attribute)) for attribute in _attributes(field_id))


def changed_fields(before: Fields, after: Fields) -> tuple[str, ...]:
    """Return the ids of the fields that differ, in order: one of them is "change one thing" kept.

    >>> changed_fields(Fields(), Fields(mood=("calm",), keep="the face"))
    ('mood', 'constraints')
    """
    return tuple(
        each.id for each in FIELDS if any(getattr(before, name) != getattr(after, name) for name in each.attributes)
    )


def _attributes(field_id: str) -> tuple[str, ...]:
    return next((each.attributes for each in FIELDS if each.id == field_id), ())
