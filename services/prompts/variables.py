r"""Variables in a template: what a person types into a form, and the text that comes of it. Pure.

    {product}                 text           {slogan|text=Made for you}   text that begins as said
    {colour|red,blue}         a choice       {count|number 1-10=3}        a number, within limits, beginning at 3

`{a|b}` without a comma is no variable: it is left for `alternatives`. `\{`, `\}` and `\|` are the signs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from services.prompts.checked import Checked, Problem, checked
from services.prompts.composition import Composition, Edit
from services.prompts.fields import Fields
from services.prompts.marks import N_
from services.prompts.texts import mapped, texts

Kind = Literal["text", "choice", "number"]
MAX_VALUE_CHARS: Final = 2_000

_VARIABLE: Final = re.compile(
    r"(?<!\\)\{[ \t]*(?P<name>[^\W\d_][\w \t'’-]{0,39}?)[ \t]*(?:\|(?P<spec>[^{}|\\]{0,1000}))?\}"
)
_NUMBER: Final = re.compile(
    r"(?:number|数字)(?:\s+(?P<low>-?\d{1,9})\s*[-–~]\s*(?P<high>-?\d{1,9}))?(?:\s*=\s*(?P<start>-?\d{1,9}(?:\.\d{1,3})?))?",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"(?:text|文字)(?:\s*=\s*(?P<start>.*))?", re.IGNORECASE | re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([{}|\\])")

MISSING: Final = N_("{name} is still empty.")
NO_CHOICE: Final = N_("{value} is not one of: {choices}.")
NO_NUMBER: Final = N_("{value} is not a number.")
OUT_OF_RANGE: Final = N_("{name} must be from {low} to {high}.")
VALUE_TOO_LONG: Final = N_("{name} is longer than {limit} characters.")
UNKNOWN: Final = N_("The template has no {name}.")

T = TypeVar("T", Fields, str, Composition)


@dataclass(frozen=True, slots=True)
class Variable:
    """One field of the form. `low` and `high` only for numbers that have limits; `start` is what it begins with."""

    name: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    start: str = ""


def variables(thing: Fields | str | Composition) -> tuple[Variable, ...]:
    """Return the form of a template: each name once, in the order of the text, with the first kind said for it.

    >>> [(each.name, each.kind) for each in variables("A {colour|red,blue} {thing} and a {thing}, {n|number}")]
    [('colour', 'choice'), ('thing', 'text'), ('n', 'number')]
    """
    found: dict[str, Variable] = {}
    for text in _texts(thing):
        for match in _VARIABLE.finditer(text):
            variable = _variable(match)
            if variable is None:
                continue
            known = found.get(variable.name)
            if known is None or (known == Variable(known.name) and match["spec"]):
                found[variable.name] = variable
    return tuple(found.values())


def fill(thing: T, values: Mapping[str, str]) -> Checked[T]:
    """Return the template with every variable replaced, or every problem at once.

    What a person typed is put in as it is: braces in it are no variables. An empty value takes what the variable
    begins with, a choice its first word.
    """
    form = variables(thing)
    names = {variable.name for variable in form}
    problems = [Problem("variable_unknown", UNKNOWN, {"name": name}, column=name) for name in values.keys() - names]
    chosen: dict[str, str] = {}
    for variable in form:
        value = values.get(variable.name, "").strip() or _start(variable)
        problem = _problem(variable, value)
        if problem:
            problems.append(problem)
        chosen[variable.name] = value
    return checked(_filled(thing, chosen), sorted(problems, key=lambda each: each.column))


def _filled(thing: T, chosen: Mapping[str, str]) -> T:
    def change(text: str) -> str:
        return unescaped(_VARIABLE.sub(lambda match: _value(match, chosen), text))

    if isinstance(thing, Composition):
        fields = mapped(thing.fields, change)
        bare = replace(thing, fields=fields, edit=None)
        return replace(bare, edit=Edit(change(thing.edit.text), bare.composed)) if thing.edit else bare
    return mapped(thing, change)


def _value(match: re.Match[str], chosen: Mapping[str, str]) -> str:
    """Return what stands for a variable, its own signs escaped, because the text is unescaped after."""
    name = _name(match)
    if name not in chosen or _variable(match) is None:
        return match[0]
    return re.sub(r"([{}|\\])", r"\\\1", chosen[name])


def unescaped(text: str) -> str:
    r"""Return a text with `\{`, `\}`, `\|` and `\\` as the signs themselves.

    >>> unescaped(r"a \{b\} c")
    'a {b} c'
    """
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _texts(thing: Fields | str | Composition) -> list[str]:
    if isinstance(thing, Composition):
        return [*texts(thing.fields), *([thing.edit.text] if thing.edit else [])]
    return list(texts(thing))


def _name(match: re.Match[str]) -> str:
    return " ".join(match["name"].split())


def _variable(match: re.Match[str]) -> Variable | None:
    """Return the variable of a place in the text; None if the braces hold alternatives."""
    name, spec = _name(match), match["spec"]
    if spec is None:
        return Variable(name)
    spec = spec.strip()
    if number := _NUMBER.fullmatch(spec):
        low, high = (int(number[end]) if number[end] else None for end in ("low", "high"))
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Variable(name, "number", low=low, high=high, start=number["start"] or "")
    if text := _TEXT.fullmatch(spec):
        return Variable(name, start=(text["start"] or "").strip())
    choices = tuple(dict.fromkeys(each.strip() for each in re.split("[,，]", spec) if each.strip()))
    return Variable(name, "choice", choices) if len(choices) > 1 else None


def _start(variable: Variable) -> str:
    return variable.start or (variable.choices[0] if variable.choices else "")


def _problem(variable: Variable, value: str) -> Problem | None:
    name = variable.name
    if not value:
        return Problem("variable_missing", MISSING, {"name": name}, column=name)
    if len(value) > MAX_VALUE_CHARS:
        params = {"name": name, "limit": str(MAX_VALUE_CHARS)}
        return Problem("variable_too_long", VALUE_TOO_LONG, params, column=name)
    if variable.kind == "choice" and value not in variable.choices:
        params = {"value": value, "choices": ", ".join(variable.choices)}
        return Problem("variable_no_choice", NO_CHOICE, params, column=name)
    return _number_problem(variable, value) if variable.kind == "number" else None


def _number_problem(variable: Variable, value: str) -> Problem | None:
    if not re.fullmatch(r"-?\d{1,9}(?:\.\d{1,3})?", value, re.ASCII):
        return Problem("variable_no_number", NO_NUMBER, {"value": value}, column=variable.name)
    if variable.low is None or variable.high is None or variable.low <= float(value) <= variable.high:
        return None
    params = {"name": variable.name, "low": str(variable.low), "high": str(variable.high)}
    return Problem("variable_out_of_range", OUT_OF_RANGE, params, column=variable.name)
