"""What lies on the desk of Create: fields, the values of their variables, the text, and what it all began from. Pure.

The text of the prompt box is a draft of its own, written while it is typed; the rest is the note beside it. `read` puts
the two together: a text that nobody touched follows the fields, any other is an edit that the fields stand beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from services.endpoint.text import clean
from services.prompts import fields_json, reference, remix
from services.prompts.compose import compose
from services.prompts.composition import Composition, Edit
from services.prompts.fields import EMPTY, Fields
from services.prompts.reference import Reference
from services.prompts.remix import Remix
from services.prompts.variables import fill, variables
from services.prompts.vocabulary import Language, language_of

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """What is being composed. `fields` as chosen, variables and all; `parent_id` the generation it began from.

    `picture` goes with the words; `remix` is the video they change, as its relay knows it.
    """

    fields: Fields = EMPTY
    values: Mapping[str, str] = field(default_factory=dict)
    language: Language = "en"
    edit: Edit | None = None
    parent_id: str = ""
    picture: Reference | None = None
    remix: Remix | None = None

    @property
    def composition(self) -> Composition:
        """Fields and text as they will be sent, the variables filled in."""
        return Composition(filled(self.fields, self.values), self.language, self.edit)

    @property
    def text(self) -> str:
        """What stands in the prompt box."""
        return self.composition.text


def filled(fields: Fields, values: Mapping[str, str]) -> Fields:
    """Return the fields with their variables filled in as far as they are known; a blank stays as `{name}`.

    >>> from services.prompts.fields import Place
    >>> filled(Fields(place=Place("A {cup} on {wood|oak,ash}")), {}).place.text
    'A {cup} on oak'
    """
    return _filled(fields, tuple(values.items()))


@lru_cache(maxsize=64)  # a page asks for the same several times a run
def _filled(fields: Fields, items: tuple[tuple[str, str], ...]) -> Fields:
    form, values = variables(fields), dict(items)
    if not form:
        return fields
    chosen = {each.name: values.get(each.name, "").strip() for each in form}
    for each in form:
        if not chosen[each.name] and each.kind == "text" and not each.start:
            chosen[each.name] = "{" + each.name + "}"
        elif not chosen[each.name] and each.kind == "number" and not each.start:
            chosen[each.name] = str(each.low if each.low is not None else 1)
    return fill(fields, chosen).value or fields


def blanks(desk: Desk) -> tuple[str, ...]:
    """Return the names of the variables that say nothing yet."""
    form = variables(desk.fields)
    return tuple(
        each.name
        for each in form
        if each.kind == "text" and not each.start and not desk.values.get(each.name, "").strip()
    )


def with_fields(desk: Desk, fields: Fields) -> Desk:
    """Return the desk with other fields. Words already in the box become the scene the moment the fields say something.

    So somebody who typed a sentence and then picks a light sees that light below the sentence, not a box that stands
    still. Text that was composed once and then changed by hand stays as it is.
    """
    edit, before = desk.edit, compose(desk.fields, desk.language)
    if edit and edit.text.strip() and not before and not fields.place.text and compose(fields, desk.language):
        fields = replace(fields, place=replace(fields.place, text=edit.text.strip()))
        return replace(desk, fields=fields, edit=None)
    return _settled(replace(desk, fields=fields))


def with_text(desk: Desk, text: str) -> Desk:
    """Return the desk with its text changed by hand; the fields stay beside it."""
    began_from = desk.edit.began_from if desk.edit else desk.composition.composed
    return _settled(replace(desk, edit=Edit(clean(text), began_from)))


def with_value(desk: Desk, name: str, value: str) -> Desk:
    """Return the desk with a variable filled in."""
    return _settled(replace(desk, values={**desk.values, name: clean(value)}))


def with_language(desk: Desk, language: Language) -> Desk:
    """Return the desk with its text in another language; what was changed by hand stays."""
    return _settled(replace(desk, language=language))


def written_again(desk: Desk) -> Desk:
    """Return the desk with the fields' own text in the box."""
    return replace(desk, edit=None)


def begun_with(composition: Composition, before: Desk) -> Desk:
    """Return the desk that a template begins; what was asked of shape, length and quality stays, and the picture."""
    fields = replace(composition.fields, controls=before.fields.controls)
    return Desk(fields, {}, composition.language, composition.edit, before.parent_id, before.picture, before.remix)


def note_of(desk: Desk) -> str:
    """Return all but the text, as JSON; empty for a desk with free text alone."""
    if desk.fields == EMPTY and not (desk.parent_id or desk.picture or desk.remix):
        return ""
    return json.dumps(_note(desk), ensure_ascii=False, separators=(",", ":"))


def read(note: str, text: str, language: Language = "en") -> Desk:
    """Return the desk of a note and a text, tolerantly; `language` is that of a desk without a note.

    >>> read("", "A boat").text
    'A boat'
    """
    try:
        kept = json.loads(note or "{}")
    except (ValueError, RecursionError):
        kept = {}
    return _read(kept if isinstance(kept, dict) else {}, text, language)


def kept(desk: Desk) -> dict[str, Any] | None:
    """Return what is kept beside a generation; None when the text is all there is.

    `fields` are those that were sent, variables filled in; the rest brings the desk back as it was.
    """
    if desk.fields == EMPTY and not (desk.picture or desk.remix):
        return None
    sent: dict[str, Any] = {**_note(desk), "text": desk.text, "fields": fields_json.to_dict(desk.composition.fields)}
    if variables(desk.fields):  # also while its blanks are still blank: taken back, they are to be filled in again
        sent["template"] = fields_json.to_dict(desk.fields)
    return sent


def from_kept(kept: Mapping[str, Any] | None, prompt: str, *, parent_id: str = "") -> Desk:
    """Return the desk that a generation was sent from; of one without fields, its prompt as free text."""
    if not kept:
        return replace(read("", prompt), parent_id=parent_id)
    note = {**kept, "fields": kept.get("template") or kept.get("fields")}
    text = kept.get("text")
    return replace(_read(note, text if isinstance(text, str) else prompt, "en"), parent_id=parent_id)


def fields_of(kept: Mapping[str, Any] | None) -> Fields:
    """Return the fields a generation was sent with; empty ones for free text."""
    return fields_json.from_dict(kept.get("fields")) if kept else EMPTY


def _note(desk: Desk) -> dict[str, Any]:
    note: dict[str, Any] = {
        "version": VERSION,
        "language": desk.language,
        "fields": fields_json.to_dict(desk.fields),
        "began_from": desk.edit.began_from if desk.edit else desk.composition.composed,
    }
    if desk.values:
        note["values"] = dict(desk.values)
    if desk.parent_id:
        note["parent"] = desk.parent_id
    if desk.picture:
        note["picture"] = reference.to_dict(desk.picture)
    if desk.remix:
        note["remix"] = remix.to_dict(desk.remix)
    return note


def _read(note: Mapping[str, Any], text: str, language: Language) -> Desk:
    values, parent, began_from = note.get("values"), note.get("parent"), note.get("began_from")
    desk = Desk(
        fields=fields_json.from_dict(note.get("fields")),
        values={str(k): str(v) for k, v in values.items()} if isinstance(values, dict) else {},
        language=language_of(str(note.get("language", language))),
        parent_id=parent if isinstance(parent, str) else "",
        picture=reference.from_dict(note.get("picture")),
        remix=remix.from_dict(note.get("remix")),
    )
    base = began_from if isinstance(began_from, str) else desk.composition.composed
    untouched = text.strip() == base.strip() if note else not text.strip()
    return desk if untouched else _settled(replace(desk, edit=Edit(clean(text), base)))


def _settled(desk: Desk) -> Desk:
    """Return it without an edit that says what the fields say."""
    if desk.edit and desk.edit.text.strip() == desk.composition.composed.strip():
        return replace(desk, edit=None)
    return desk
