"""Many prompts at once: one a line, alternatives, a matrix, takes. Everything is made and checked before anything is
sent: every problem at once, or all of it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from services.prompts.alternatives import LIMIT, alternatives
from services.prompts.checked import Checked, Problem, checked
from services.prompts.compose import compose
from services.prompts.fields import Controls, Fields
from services.prompts.findings import with_part
from services.prompts.marks import N_
from services.prompts.reference import Reference
from services.prompts.remix import Remix
from services.prompts.variables import fill, variables
from services.prompts.vocabulary import Language

MAX_TAKES: Final = 20
MAX_SENDS: Final = 1_000

NOTHING: Final = N_("There is nothing to send.")
BLANK: Final = N_("The prompt is empty.")
LONG: Final = N_("The prompt has {count} characters; at most {limit}.")
TAKES: Final = N_("{value} is no number of takes: 1 to {limit}.")
MANY: Final = N_("That would be {count} videos; at most {limit} at once.")
AXIS_EMPTY: Final = N_("{name} has no values.")
AXIS_TWICE: Final = N_("Both sides are {name}.")
AXIS_UNKNOWN: Final = N_("Nothing is called {name} here.")

AXES: Final[Mapping[str, str]] = {
    "look": "looks", "time": "place.times", "weather": "place.weather", "shot": "shots", "angle": "angles",
    "move": "moves", "lens": "lens", "light": "light", "palette": "palette", "mood": "mood",
    "orientation": "controls.orientation", "seconds": "controls.seconds", "quality": "controls.quality",
    "model": "controls.model",
}  # fmt: skip
"""What a side of a matrix may change in fields, and where; besides these, any variable in the text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt to be sent `controls.takes` times. `values` is what sets it apart, `row` where it comes from.

    `picture` goes with the words; `remix` is the video they change.
    """

    text: str
    controls: Controls = field(default_factory=Controls)
    row: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    fields: Fields | None = None
    picture: Reference | None = None
    remix: Remix | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once. `max_chars` None: the model's limit is unknown."""

    max_sends: int = MAX_SENDS
    max_takes: int = MAX_TAKES
    max_chars: int | None = None


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a matrix: a name of `AXES` or of a variable, and its values."""

    name: str
    values: tuple[str, ...]


def sends(items: Iterable[Item]) -> int:
    """Return how many videos these are, takes counted."""
    return sum(item.controls.takes for item in items)


def check_items(items: Sequence[Item], limits: Limits) -> tuple[Problem, ...]:
    """Return everything that keeps these from being sent; nothing may be sent until there is none."""
    problems = [] if items else [Problem("many_nothing", NOTHING)]
    for item in items:
        problems.extend(item_problems(item, limits))
    count = sends(item for item in items if item.controls.takes > 0)
    if count > limits.max_sends:
        problems.append(Problem("many_too_many", MANY, {"count": str(count), "limit": str(limits.max_sends)}))
    return tuple(problems)


def item_problems(item: Item, limits: Limits) -> Iterable[Problem]:
    """Tell what keeps one from being sent, whatever the others are."""
    if not item.text.strip():
        yield Problem("many_blank", BLANK, row=item.row, column="prompt")
    if limits.max_chars is not None and len(item.text) > limits.max_chars:
        params = {"count": str(len(item.text)), "limit": str(limits.max_chars)}
        yield Problem("many_long", LONG, params, row=item.row, column="prompt")
    if not 1 <= item.controls.takes <= limits.max_takes:
        params = {"value": str(item.controls.takes), "limit": str(limits.max_takes)}
        yield Problem("many_takes", TAKES, params, row=item.row, column="takes")


def takes(text: str, controls: Controls, count: int, limits: Limits = USUAL) -> Checked[tuple[Item, ...]]:
    """Return one prompt to be sent `count` times."""
    return _all([Item(text, replace(controls, takes=count))], limits)


def one_a_line(text: str, controls: Controls, limits: Limits = USUAL) -> Checked[tuple[Item, ...]]:
    """Return each line as a prompt, with its alternatives; blank lines are passed over, rows are line numbers.

    >>> [item.text for item in one_a_line("a {red|blue} boat\\n\\na quay", Controls()).value]
    ['a red boat', 'a blue boat', 'a quay']
    """
    items: list[Item] = []
    problems: list[Problem] = []
    for row, line in enumerate(text.splitlines(), 1):
        said = alternatives(line.strip(), min(LIMIT, limits.max_sends)) if line.strip() else Checked(())
        problems.extend(replace(problem, row=row) for problem in said.problems)
        items.extend(Item(each.strip(), controls, row) for each in said.value or ())
    return _all(items, limits, problems)


def spread(text: str, controls: Controls, limits: Limits = USUAL) -> Checked[tuple[Item, ...]]:
    """Return one text, of any number of lines, as every prompt its alternatives stand for."""
    said = alternatives(text, min(LIMIT, limits.max_sends))
    items = [Item(each.strip(), controls) for each in said.value or ()]
    return _all(items, limits, said.problems) if items else Checked(None, said.problems)


def matrix(
    base: Fields | str, axes: tuple[Axis, Axis], controls: Controls, language: Language, limits: Limits = USUAL
) -> Checked[tuple[Item, ...]]:
    """Return a prompt for each pair of values, row by row: the first axis changes slowest.

    An axis is a variable of the text, or (for fields) a name of `AXES`. Other variables begin with what they say.
    """
    problems = _axis_problems(base, axes, limits)
    if problems:
        return Checked(None, tuple(problems))
    items: list[Item] = []
    for values in product(*(tuple(dict.fromkeys(axis.values)) for axis in axes)):
        chosen = dict(zip((axis.name for axis in axes), values, strict=True))
        cell = _cell(base, chosen, controls, language)
        problems.extend(cell.problems)
        items.extend([cell.value] if cell.value else [])
    return _all(items, limits, list({str(problem): problem for problem in problems}.values()))


def _axis_problems(base: Fields | str, axes: tuple[Axis, Axis], limits: Limits) -> list[Problem]:
    names = {variable.name for variable in variables(base)} | (set(AXES) if isinstance(base, Fields) else set())
    problems = []
    for axis in axes:
        if axis.name not in names:
            problems.append(Problem("axis_unknown", AXIS_UNKNOWN, {"name": axis.name}, column=axis.name))
        if not any(value.strip() for value in axis.values):
            problems.append(Problem("axis_empty", AXIS_EMPTY, {"name": axis.name}, column=axis.name))
    if axes[0].name == axes[1].name:
        problems.append(Problem("axis_twice", AXIS_TWICE, {"name": axes[0].name}, column=axes[0].name))
    count = len(set(axes[0].values)) * len(set(axes[1].values))
    if count > limits.max_sends:
        problems.append(Problem("many_too_many", MANY, {"count": str(count), "limit": str(limits.max_sends)}))
    return problems


def _cell(base: Fields | str, chosen: Mapping[str, str], controls: Controls, language: Language) -> Checked[Item]:
    named = {name: value for name, value in chosen.items() if not (isinstance(base, Fields) and name in AXES)}
    if isinstance(base, str):
        filled = fill(base, named)
        item = Item(filled.value, controls, values=chosen) if filled.value is not None else None
        return Checked(item, filled.problems)
    fields = fill(replace(base, controls=controls), named)
    if fields.value is None:
        return Checked(None, fields.problems)
    said, problems = fields.value, []
    for name in chosen.keys() - named.keys():
        value = _value(name, chosen[name].strip())
        if value is None:
            problems.append(Problem("axis_value", AXIS_UNKNOWN, {"name": chosen[name]}, column=name))
        else:
            said = with_part(said, AXES[name], value)
    return checked(Item(compose(said, language), said.controls, values=chosen, fields=said), problems)


def _value(name: str, value: str) -> object:
    """Return a value as its field wants it; None if it is no value for it."""
    if name == "seconds":
        return float(value) if value.replace(".", "", 1).isdecimal() and float(value) > 0 else None
    if name == "orientation":
        return value if value in {"landscape", "portrait", "square"} else None
    return value if AXES[name].startswith("controls.") else (value,)


def _all(items: Sequence[Item], limits: Limits, problems: Sequence[Problem] = ()) -> Checked[tuple[Item, ...]]:
    found = [*problems, *(check_items(items, limits) if items or not problems else ())]
    return checked(tuple(items), found)
