"""Looks: a style with the light, colours and lens that go with it, as data; and what a purpose suggests. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from services.prompts.data import load
from services.prompts.fields import EMPTY, Fields, fill_empty
from services.prompts.fields_json import from_dict
from services.prompts.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Look:
    """A look by its id, which is also the name of its sample picture."""

    id: str
    name: Mapping[str, str]
    hint: Mapping[str, str]
    fields: Fields

    def said(self, language: Language) -> str:
        """Return its name."""
        return self.name[language]

    def hinted(self, language: Language) -> str:
        """Return what it is like, in a few words."""
        return self.hint[language]


@cache
def looks() -> tuple[Look, ...]:
    """Return the built-in looks, in order."""
    kept = load("looks")["looks"]
    return tuple(Look(each["id"], each["name"], each["hint"], from_dict(each["fields"])) for each in kept)


def look(look_id: str) -> Look | None:
    """Return a look by its id or its name in either language."""
    return _by_name().get(look_id.strip().casefold())


@cache
def _by_name() -> Mapping[str, Look]:
    return {name.casefold(): each for each in looks() for name in (each.id, *each.name.values())}


def apply_look(fields: Fields, chosen: Look) -> Fields:
    """Return the fields in a look: its style replaces the style, the rest fills only what was left empty."""
    return fill_empty(replace(fields, looks=chosen.fields.looks), chosen.fields)


def purpose_defaults(purpose: str) -> Fields:
    """Return what a purpose suggests (a word of the list `purpose`); nothing for any other."""
    kept = load("looks")["purposes"].get(purpose)
    return from_dict(kept) if kept else EMPTY


def with_purpose(fields: Fields, purpose: str) -> Fields:
    """Return the fields for a purpose: what it suggests fills only what was left empty."""
    return replace(fill_empty(fields, purpose_defaults(purpose)), purpose=purpose)
