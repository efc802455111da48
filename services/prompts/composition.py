"""Fields and text side by side: editing the text by hand never loses the fields, and never goes unnoticed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.endpoint.text import clean
from services.prompts import fields_json
from services.prompts.compose import compose
from services.prompts.fields import EMPTY, Fields
from services.prompts.vocabulary import Language, language_of

State = Literal["composed", "edited", "apart"]
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Text changed by hand, and the composed text it began from."""

    text: str
    began_from: str


@dataclass(frozen=True, slots=True)
class Composition:
    """What will be sent, and how it came to be. Free text is an edit of empty fields."""

    fields: Fields = EMPTY
    language: Language = "en"
    edit: Edit | None = None

    @property
    def composed(self) -> str:
        """The text that the fields say."""
        return compose(self.fields, self.language)

    @property
    def text(self) -> str:
        """The text to be sent: the hand's, else the fields'."""
        return self.composed if self.edit is None else self.edit.text

    @property
    def state(self) -> State:
        """`composed`: the fields' own text. `edited`: changed by hand. `apart`: and the fields moved on since."""
        if self.edit is None:
            return "composed"
        return "edited" if self.edit.began_from == self.composed else "apart"


def apply_edit(composition: Composition, text: str) -> Composition:
    """Return the composition with its text changed by hand; typing the fields' own text again ends the edit.

    >>> edited = apply_edit(Composition(Fields(mood=("calm",))), "Mood: calm as milk")
    >>> edited.state, edited.text, edited.fields.mood
    ('edited', 'Mood: calm as milk', ('calm',))
    >>> apply_edit(edited, "Mood: calm ").state
    'composed'
    """
    text = clean(text)
    if text.strip() == composition.composed.strip():
        return replace(composition, edit=None)
    began_from = composition.edit.began_from if composition.edit else composition.composed
    return replace(composition, edit=Edit(text, began_from))


def with_fields(composition: Composition, fields: Fields) -> Composition:
    """Return it with other fields; text changed by hand stays, and `state` tells that the two went apart."""
    return _settled(replace(composition, fields=fields))


def with_language(composition: Composition, language: Language) -> Composition:
    """Return it in another language; text changed by hand stays as it is."""
    return _settled(replace(composition, language=language))


def recompose(composition: Composition) -> Composition:
    """Return it with the fields' own text; what the hand wrote is in the composition before, for an undo."""
    return replace(composition, edit=None)


def to_json(composition: Composition) -> str:
    """Return all of it as JSON, for a draft or beside a generation."""
    kept: dict[str, object] = {
        "version": VERSION,
        "language": composition.language,
        "fields": fields_json.to_dict(composition.fields),
    }
    if composition.edit:
        kept |= {"text": composition.edit.text, "began_from": composition.edit.began_from}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | None) -> Composition:
    """Return the composition of a JSON text; tolerant as `fields_json` is. Anything else is taken for free text.

    A draft of an earlier Dailies was the text alone: it comes back as free text.

    >>> from_json("A boat on a lake").text
    'A boat on a lake'
    """
    try:
        kept = json.loads(text or "{}")
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict) or ("fields" not in kept and "text" not in kept and kept):
        return apply_edit(Composition(), text or "")
    language = language_of(str(kept.get("language", "en")))
    composition = Composition(fields_json.from_dict(kept.get("fields")), language)
    written, began_from = kept.get("text"), kept.get("began_from")
    if not isinstance(written, str):
        return composition
    base = began_from if isinstance(began_from, str) else composition.composed
    return _settled(replace(composition, edit=Edit(clean(written), base)))


def _settled(composition: Composition) -> Composition:
    """Return it without an edit that says what the fields say."""
    edit = composition.edit
    if edit and edit.text.strip() == composition.composed.strip():
        return replace(composition, edit=None)
    return composition
