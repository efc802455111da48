"""What is asked for, turned into what a model reads: its name, words in the prompt, or extra fields. Pure.

Unknown models get plain text only: nothing is guessed into their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from services.prompts.fields import Controls
from services.prompts.marks import N_
from services.prompts.presets import CONTROLS, Family, Presets
from services.prompts.vocabulary import Language

How = Literal["name", "words", "extra", "cannot"]
BY_NAME: Final = N_("Asked for by the model's name, {said}.")
BY_WORDS: Final = N_("Asked for in the prompt's words: {said}")
BY_EXTRA: Final = N_("Asked for as the field {said}.")
CANNOT: Final = N_("Nothing is known about how to ask {model} for this, so it is not sent.")
CANNOT_VALUE: Final = N_("{model} does not offer this. It offers: {offered}.")


@dataclass(frozen=True, slots=True)
class Shown:
    """How one wish is sent, for the person to see before it is. `sure` False: inferred, never seen to work."""

    control: str
    value: str
    how: How
    sentence: str
    params: Mapping[str, str]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be sent beside the text."""

    model: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    prompt_words: str = ""
    shown: tuple[Shown, ...] = ()

    def prompt(self, text: str) -> str:
        """Return the text with the words that carry wishes, on a line of their own at its end."""
        return f"{text.rstrip()}\n\n{self.prompt_words}" if self.prompt_words else text


@dataclass(frozen=True, slots=True)
class Options:
    """What a model can be asked for; all empty for models nobody described. `current` is what its name says now."""

    family: str = ""
    label: str = ""
    orientation: tuple[str, ...] = ()
    seconds: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    current: Mapping[str, str] = field(default_factory=dict)
    pictures: int | None = None
    data_pictures_only: bool = False
    max_chars: int | None = None
    remix: str = ""
    sure: bool = False


def options(model: str, presets: Presets) -> Options:
    """Return what this model can be asked for."""
    family = presets.family_of(model)
    if family is None:
        return Options()
    offered = {control: _offered(family, control) for control in CONTROLS}
    return Options(
        family=family.id,
        label=family.label,
        **offered,
        current=_current(family, model),
        pictures=family.pictures,
        data_pictures_only=family.data_pictures_only,
        max_chars=family.max_chars,
        remix=family.remix,
        sure=family.sure,
    )


def plan(model: str, controls: Controls, presets: Presets, language: Language = "en") -> Plan:
    """Return how a model is asked for what the controls say; what cannot be asked for is shown and not sent.

    >>> from services.prompts.presets import built_in
    >>> plan("sora2-landscape-10s", Controls(orientation="portrait", seconds=15), built_in()).model
    'sora2-portrait-15s'
    >>> plan("some-model", Controls(seconds=15), built_in()).shown[0].how
    'cannot'
    """
    wishes = wanted(controls)
    family = presets.family_of(model)
    if family is None:
        shown = tuple(Shown(name, value, "cannot", CANNOT, {"model": model}) for name, value in wishes.items())
        return Plan(model, shown=shown)
    name, said_by_name = _name(family, model, wishes)
    extra: dict[str, Any] = {}
    words, shown_all = [], []
    for control, value in wishes.items():
        asked = _ask(family, control, value, name if control in said_by_name else "", language)
        if asked.how == "words":
            words.append(asked.params["said"])
        if asked.how == "extra":
            _put(extra, family.extra[control].path, family.extra[control].values[value])
        shown_all.append(asked)
    return Plan(name, extra, " ".join(words), tuple(shown_all))


def wanted(controls: Controls) -> dict[str, str]:
    """Return the wishes that can be sent, as presets spell them.

    >>> wanted(Controls(seconds=10.0, takes=3))
    {'seconds': '10'}
    """
    seconds = f"{controls.seconds:g}" if controls.seconds else ""
    wishes = {"orientation": controls.orientation, "seconds": seconds, "quality": controls.quality}
    return {name: value.strip() for name, value in wishes.items() if value.strip()}


def _name(family: Family, model: str, wishes: Mapping[str, str]) -> tuple[str, set[str]]:
    """Return the family's name that keeps most wishes, then most of what the name says now; and which it says.

    Without a wish that a name can say, the name stays as it is.
    """
    base = family.base_of(model) or ""
    now = _current(family, model)
    if all(now.get(control) == value for control, value in wishes.items() if control in _named(family)):
        return model, {control for control, value in wishes.items() if now.get(control) == value}

    def kept(values: Mapping[str, str]) -> tuple[int, int]:
        asked = sum(values.get(control) == value for control, value in wishes.items())
        return asked, sum(values.get(control) == value for control, value in now.items() if control not in wishes)

    best, values = max(family.variants(base), key=lambda each: kept(each[1]), default=(model, now))
    if kept(values)[0] <= kept(now)[0]:
        best, values = model, now
    return best, {control for control, value in wishes.items() if values.get(control) == value}


def _named(family: Family) -> set[str]:
    return {control for form in family.names for control in (*form.spelt, *form.fixed)}


def _current(family: Family, model: str) -> Mapping[str, str]:
    variants = family.variants(family.base_of(model) or "")
    return next((values for name, values in variants if name == model), {})


def _offered(family: Family, control: str) -> tuple[str, ...]:
    found: list[str] = [
        value
        for form in family.names
        for value in (*form.spelt.get(control, ()), *([form.fixed[control]] if control in form.fixed else []))
    ]
    found.extend(family.words.get(control, ()))
    if control in family.extra:
        found.extend(family.extra[control].values)
    return tuple(_sorted(control, dict.fromkeys(found)))


def _sorted(control: str, values: Iterable[str]) -> list[str]:
    return sorted(values, key=float) if control == "seconds" else list(values)


def _ask(family: Family, control: str, value: str, name: str, language: Language) -> Shown:
    if name:
        return Shown(control, value, "name", BY_NAME, {"said": name}, family.sure)
    if value in family.words.get(control, {}):
        return Shown(control, value, "words", BY_WORDS, {"said": family.words[control][value][language]}, family.sure)
    if control in family.extra and value in family.extra[control].values:
        path = ".".join(family.extra[control].path)
        said = f"{path} = {family.extra[control].values[value]}"
        return Shown(control, value, "extra", BY_EXTRA, {"said": said}, family.sure)
    offered = ", ".join(_offered(family, control))
    params = {"model": family.label, "offered": offered}
    return Shown(control, value, "cannot", CANNOT_VALUE if offered else CANNOT, params)


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        body = body.setdefault(step, {})
    body[path[-1]] = value
