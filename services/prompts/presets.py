"""What models can be told and how, as data: read, checked and found. Source: PROTOCOL.md, section 3.

A family is a group of models that read the same things: shape, length and quality by the model's name, by words in the
prompt, or by extra fields of the body. Built in as `data/controls.json`; a person's own file has the same form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from typing import Any, Final

from services.prompts.checked import Checked
from services.prompts.data import load
from services.prompts.presets_file import problems_of

CONTROLS: Final = ("orientation", "seconds", "quality")
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NameForm:
    """A pattern of model names: `sora2-{orientation}-{seconds}s`, with how each value is spelt in it.

    `{base}` stands for a name of the family's own list. `fixed` are values the name means without saying them.
    """

    form: str
    spelt: Mapping[str, Mapping[str, str]]
    fixed: Values = field(default_factory=dict)

    def variants(self, base: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Return every name of this form with the values it stands for."""
        names = list(self.spelt)
        for values in product(*(self.spelt[name] for name in names)):
            chosen = dict(zip(names, values, strict=True))
            spelt = {name: self.spelt[name][value] for name, value in chosen.items()}
            yield self.form.format(base=base, **spelt), {**self.fixed, **chosen}


@dataclass(frozen=True, slots=True)
class Extra:
    """A field of the body: where it stands, and what each value is called there."""

    path: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Family:
    """Models that read the same things. `pictures` and `max_chars` None: unknown. `sure` False: inferred, not seen."""

    id: str
    label: str
    source: str = ""
    sure: bool = True
    models: tuple[str, ...] = ()
    names: tuple[NameForm, ...] = ()
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    extra: Mapping[str, Extra] = field(default_factory=dict)
    pictures: int | None = None
    data_pictures_only: bool = False
    max_chars: int | None = None
    remix: str = ""

    def base_of(self, model: str) -> str | None:
        """Return the model's name without the values in it; None if the family does not know the model."""
        bare = model.partition(":")[0] if any("{base}" in form.form for form in self.names) else model
        if any(fnmatchcase(bare, pattern) for pattern in self.models):
            return bare
        return "" if any(model == name for name, _ in self.variants("")) else None

    def variants(self, base: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Return every name that says something, with what it says."""
        for form in self.names:
            yield from form.variants(base)


@dataclass(frozen=True, slots=True)
class Presets:
    """Families in order: the first that knows a model speaks for it."""

    families: tuple[Family, ...] = ()

    def family_of(self, model: str) -> Family | None:
        """Return the family of a model; None for models that nobody described: they get plain text only."""
        return next((family for family in self.families if model and family.base_of(model) is not None), None)


@cache
def built_in() -> Presets:
    """Return the families that come with Dailies."""
    return _presets(load("controls"))


def load_presets(text: str) -> Checked[Presets]:
    """Return the presets of a JSON text in the form of the built-in file, or everything that is wrong with it."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        kept = None
    problems = problems_of(kept)
    return Checked(None, problems) if problems else Checked(_presets(kept))


def built_in_text() -> str:
    """Return the built-in file as text: what a person starts from to write their own."""
    return json.dumps(load("controls"), ensure_ascii=False, indent=1)


def merged(own: Presets, others: Presets) -> Presets:
    """Return a person's own families before the others; one of the same id replaces the other's."""
    ids = {family.id for family in own.families}
    return Presets(own.families + tuple(family for family in others.families if family.id not in ids))


def _presets(kept: Mapping[str, Any]) -> Presets:
    return Presets(tuple(_family(each) for each in kept["families"]))


def _family(kept: Mapping[str, Any]) -> Family:
    plain = {name: kept[name] for name in _PLAIN if name in kept}
    return Family(
        **plain,
        models=tuple(kept.get("models", ())),
        names=tuple(_name_form(each) for each in kept.get("names", ())),
        words=kept.get("words", {}),
        extra={name: Extra(tuple(each["path"]), each["values"]) for name, each in kept.get("extra", {}).items()},
    )


_PLAIN: Final = ("id", "label", "source", "sure", "pictures", "data_pictures_only", "max_chars", "remix")


def _name_form(kept: Mapping[str, Any]) -> NameForm:
    spelt = {name: _spelling(kept[name]) for name in CONTROLS if name in kept}
    return NameForm(kept["form"], spelt, kept.get("fixed", {}))


def _spelling(values: Any) -> Mapping[str, str]:
    return values if isinstance(values, Mapping) else {value: value for value in values}
