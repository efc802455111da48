"""What is drawn as the sample of a look or a template: the words it brings, and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from services.prompts import templates
from services.prompts.compose import compose
from services.prompts.desk import Desk
from services.prompts.looks import Look, looks
from services.prompts.templates import Template


def name_of(one: Look | Template) -> str:
    """Return what its sample is called in an address."""
    return f"{'look' if isinstance(one, Look) else 'template'}-{one.id}"


@cache
def sample_prompts() -> Mapping[str, str]:
    """Return the prompt of every sample by its name."""
    found = {name_of(one): f"{one.hinted('en')}. {compose(one.fields, 'en')}" for one in looks()}
    return found | {name_of(one): _said(one) for one in templates.built_in()}


def _said(template: Template) -> str:
    """Return what a template says before anything is filled in."""
    composition = template.composition("en")
    return f"{template.said('en')}. {Desk(composition.fields, {}, 'en', composition.edit).text}"
