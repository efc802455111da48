"""Everything that can be wrong with a file of presets, said with the path to it."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from services.prompts.checked import Problem
from services.prompts.marks import N_

_CONTROLS: Final = ("orientation", "seconds", "quality")
_ORIENTATIONS: Final = {"landscape", "portrait", "square"}
_MAX_FAMILIES, _MAX_VARIANTS = 200, 500
_KNOWN: Final = {
    "id", "label", "source", "sure", "models", "names", "words", "extra", "pictures", "data_pictures_only",
    "max_chars", "remix",
}  # fmt: skip

NOT_JSON: Final = N_("This is not a JSON file of presets: it has no list called families.")
NO_ID: Final = N_("Each family needs an id and a label, both text.")
TWICE: Final = N_("Two families have the id {id}.")
UNKNOWN: Final = N_("Nothing is called {name} here.")
NO_MODELS: Final = N_("Say which models it is for: models or names.")
WRONG_KIND: Final = N_("This must be {kind}.")
BAD_FORM: Final = N_("The name {form} has a part that is not listed, or lists one it has not.")
BAD_VALUE: Final = N_("{value} is no {control}.")
TOO_MANY: Final = N_("That is too many: at most {limit}.")


def problems_of(kept: object) -> tuple[Problem, ...]:
    """Return all that is wrong with presets read from JSON; nothing if they can be used."""
    families = kept.get("families") if isinstance(kept, Mapping) else None
    if not isinstance(families, list):
        return (Problem("preset_not_json", NOT_JSON),)
    if len(families) > _MAX_FAMILIES:
        return (Problem("preset_too_many", TOO_MANY, {"limit": str(_MAX_FAMILIES)}, column="families"),)
    found: list[Problem] = []
    seen: set[str] = set()
    for index, family in enumerate(families):
        path = f"families[{index}]"
        if not isinstance(family, Mapping):
            found.append(_kind(path, N_("an object")))
            continue
        found.extend(_family(family, path))
        name = str(family.get("id"))
        if name in seen:
            found.append(Problem("preset_twice", TWICE, {"id": name}, column=path))
        seen.add(name)
    return tuple(found)


def _family(family: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not all(isinstance(family.get(name), str) and family[name].strip() for name in ("id", "label")):
        yield Problem("preset_no_id", NO_ID, column=path)
    for name in family:
        if name not in _KNOWN:
            yield Problem("preset_unknown", UNKNOWN, {"name": str(name)}, column=path)
    if not family.get("models") and not family.get("names"):
        yield Problem("preset_no_models", NO_MODELS, column=path)
    for name, (fits, kind) in _KINDS.items():
        if name in family and not fits(family[name]):
            yield _kind(f"{path}.{name}", kind)
    yield from _parts(family, path)


def _parts(family: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for index, form in enumerate(family["names"] if isinstance(family.get("names"), list) else ()):
        yield from _name_form(form, f"{path}.names[{index}]")
    for name, check in (("words", _words), ("extra", _extra)):
        controls = family.get(name)
        for control, values in controls.items() if isinstance(controls, Mapping) else ():
            yield from _control(control, f"{path}.{name}")
            yield from check(values, f"{path}.{name}.{control}", control)


def _name_form(form: object, path: str) -> Iterator[Problem]:
    if not isinstance(form, Mapping) or not isinstance(form.get("form"), str):
        yield _kind(path, N_("an object with a form"))
        return
    listed = {name for name in _CONTROLS if name in form}
    for name in form.keys() - {*_CONTROLS, "form", "fixed"}:
        yield Problem("preset_unknown", UNKNOWN, {"name": str(name)}, column=path)
    if _placeholders(form["form"]) != listed:
        yield Problem("preset_bad_form", BAD_FORM, {"form": form["form"]}, column=path)
    for control in sorted(listed):
        yield from _spelt(form[control], f"{path}.{control}", control)
    fixed = form.get("fixed", {})
    if not _is_texts(fixed):
        yield _kind(f"{path}.fixed", N_("an object of text"))
        return
    for control, value in fixed.items():
        yield from _control(control, f"{path}.fixed")
        yield from _value(value, f"{path}.fixed.{control}", control)


def _spelt(values: object, path: str, control: str) -> Iterator[Problem]:
    if not _is_texts(values) and not (isinstance(values, list) and all(isinstance(each, str) for each in values)):
        yield _kind(path, N_("a list of text, or an object of text"))
        return
    assert isinstance(values, list | Mapping)  # noqa: S101  # nosec B101 - narrows what was checked above
    if not 0 < len(values) <= _MAX_VARIANTS:
        yield Problem("preset_too_many", TOO_MANY, {"limit": str(_MAX_VARIANTS)}, column=path)
    for value in values:
        yield from _value(value, path, control)


def _placeholders(form: str) -> set[str] | None:
    """Return the parts a form names, without {base}; None if its braces do not match."""
    try:
        parts = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(form) if name is not None]
    except ValueError:
        return None
    return {name if not spec and not how else "" for name, spec, how in parts} - {"base"}


def _words(values: object, path: str, control: str) -> Iterator[Problem]:
    if not isinstance(values, Mapping) or not all(_says_both(each) for each in values.values()):
        yield _kind(path, N_("an object that gives en and zh for each value"))
        return
    for value in values:
        yield from _value(value, path, control)


def _says_both(each: object) -> bool:
    return _is_texts(each) and isinstance(each, Mapping) and {"en", "zh"} <= each.keys()


def _extra(extra: object, path: str, control: str) -> Iterator[Problem]:
    way = extra.get("path") if isinstance(extra, Mapping) else None
    values = extra.get("values") if isinstance(extra, Mapping) else None
    if not _is_names(way) or not way or not isinstance(values, Mapping):
        yield _kind(path, N_("an object with a path and values"))
        return
    if way[0] in {"messages", "model", "stream"}:
        yield Problem("preset_bad_value", BAD_VALUE, {"value": way[0], "control": "path"}, column=path)
    for value in values:
        yield from _value(value, path, control)


def _control(control: str, path: str) -> Iterator[Problem]:
    if control not in _CONTROLS:
        yield Problem("preset_unknown", UNKNOWN, {"name": str(control)}, column=path)


def _value(value: str, path: str, control: str) -> Iterator[Problem]:
    if control == "orientation" and value not in _ORIENTATIONS:
        yield Problem("preset_bad_value", BAD_VALUE, {"value": value, "control": control}, column=path)
    if control == "seconds" and not (value.replace(".", "", 1).isdecimal() and value.isascii() and float(value)):
        yield Problem("preset_bad_value", BAD_VALUE, {"value": value, "control": control}, column=path)


def _kind(path: str, kind: str) -> Problem:
    return Problem("preset_wrong_kind", WRONG_KIND, {"kind": kind}, column=path)


def _is_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values())


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_count(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


_KINDS: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "models": (_is_names, N_("a list of names")),
    "names": (lambda value: isinstance(value, list), N_("a list")),
    "words": (lambda value: isinstance(value, Mapping), N_("an object")),
    "extra": (lambda value: isinstance(value, Mapping), N_("an object")),
    "sure": (lambda value: isinstance(value, bool), N_("true or false")),
    "data_pictures_only": (lambda value: isinstance(value, bool), N_("true or false")),
    "pictures": (_is_count, N_("a whole number")),
    "max_chars": (_is_count, N_("a whole number")),
    "remix": (lambda value: value in {"", "prompt", "remix_target_id"}, N_("prompt or remix_target_id")),
    "source": (lambda value: isinstance(value, str), N_("text")),
}
