"""Templates: a composition with variables in it, in one language or both. Pure; built in as `data/templates.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from services.prompts.composition import Composition
from services.prompts.data import load
from services.prompts.fields import fill_empty
from services.prompts.fields_json import from_dict
from services.prompts.vocabulary import Language

LANGUAGES: Final[tuple[Language, Language]] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Template:
    """A template by its id. A person's own has one language, the built-in ones have both. `version` counts from 1."""

    id: str
    name: Mapping[str, str]
    hint: Mapping[str, str]
    purpose: str
    version: int
    compositions: Mapping[str, Composition]

    def said(self, language: Language) -> str:
        """Return its name, in the other language if it has only that."""
        return self.name.get(language) or next(iter(self.name.values()), self.id)

    def hinted(self, language: Language) -> str:
        """Return what it is for, in a few words."""
        return self.hint.get(language) or next(iter(self.hint.values()), "")

    def composition(self, language: Language) -> Composition:
        """Return what it begins with, in the other language if it has only that."""
        return self.compositions.get(language) or next(iter(self.compositions.values()), Composition())


@cache
def built_in() -> tuple[Template, ...]:
    """Return the templates that come with Dailies, in order."""
    return tuple(_built_in(each) for each in load("templates")["templates"])


def _built_in(kept: Mapping[str, Any]) -> Template:
    shared = from_dict({**kept["fields"], "purpose": kept["purpose"]})
    compositions: dict[str, Composition] = {
        language: Composition(fill_empty(from_dict(kept[language]), shared), language) for language in LANGUAGES
    }
    return Template(kept["id"], kept["name"], kept["hint"], kept["purpose"], kept["version"], compositions)


def own(template_id: str, name: str, composition: Composition, hint: str = "") -> Template:
    """Return a template of one's own from what is in the composer, in its language."""
    language = composition.language
    return Template(
        id=template_id,
        name={language: name.strip()},
        hint={language: hint.strip()} if hint.strip() else {},
        purpose=composition.fields.purpose,
        version=1,
        compositions={language: composition},
    )


def next_version(template: Template, composition: Composition) -> Template:
    """Return the template changed in this composition's language, one version on; unchanged, it is the same version."""
    if template.compositions.get(composition.language) == composition:
        return template
    compositions = {**template.compositions, composition.language: composition}
    return replace(template, compositions=compositions, version=template.version + 1)
