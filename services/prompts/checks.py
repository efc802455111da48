"""Checks before sending: what does not fit, each with a one-click fix. They only warn. Pure.

Unknown things are never warned about, and a free text only where its words leave no doubt: an invented warning costs
more trust than a missed one.
"""

from __future__ import annotations

from typing import Final

from services.prompts import rules_camera, rules_limits, rules_prose, rules_scene, rules_text
from services.prompts.composition import Composition
from services.prompts.fields import EMPTY, Fields
from services.prompts.findings import Context, Finding, Rule
from services.prompts.marks import N_

RULES: Final[tuple[Rule, ...]] = rules_camera.RULES + rules_scene.RULES + rules_limits.RULES + rules_prose.RULES
CODES: Final = (*(rule.__name__ for rule in RULES), "text_too_long")
TOO_LONG: Final = N_("The text has {count} characters; this model reads {limit}.")


def check(fields: Fields, context: Context) -> tuple[Finding, ...]:
    """Return all that does not fit in the fields, camera first."""
    found = (rule(fields, context) for rule in RULES)
    return tuple(each for each in found if each)


def check_text(text: str, context: Context) -> tuple[Finding, ...]:
    """Return all that surely does not fit in a free text, its length and the picture against the model included."""
    request = (rules_limits.picture_shape(EMPTY, context), rules_limits.picture_unread(EMPTY, context))
    return (
        *rules_text.findings(text, context),
        *(each for each in request if each),
        *too_long(text, context),
    )


def check_composition(composition: Composition, context: Context) -> tuple[Finding, ...]:
    """Return what does not fit in what will be sent: in the fields, or in the text once it was edited."""
    if composition.edit is not None:
        return check_text(composition.text, context)
    return (*check(composition.fields, context), *too_long(composition.text, context))


def too_long(text: str, context: Context) -> tuple[Finding, ...]:
    """Return the finding that a text is over the model's limit, in characters; nothing while the limit is unknown."""
    if context.max_chars is None or len(text) <= context.max_chars:
        return ()
    params = {"count": str(len(text)), "limit": str(context.max_chars)}
    return (Finding("text_too_long", TOO_LONG, params, spans=((context.max_chars, len(text)),)),)
