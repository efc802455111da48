"""A sheet of prompts: one a row, or a template filled a row at a time. Checked whole before anything is sent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from services.csv_cells import as_csv
from services.prompts.checked import Checked, Problem, checked
from services.prompts.compose import compose
from services.prompts.composition import Composition, apply_edit
from services.prompts.csv_reading import Table, read_table
from services.prompts.fields import Controls
from services.prompts.looks import Look, apply_look, look
from services.prompts.many import MAX_SENDS, USUAL, Item, Limits, check_items, item_problems
from services.prompts.marks import N_
from services.prompts.variables import Variable, fill, variables
from services.prompts.vocabulary import Language

MAX_ROWS: Final = 1_000
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "prompt": ("提示词",),
    "look": ("风格",),
    "model": ("模型",),
    "orientation": ("画幅", "shape"),
    "seconds": ("秒数", "时长"),
    "quality": ("画质",),
    "takes": ("条数",),
}
"""Columns we know, and what else they may be called."""
_SHAPES: Final = {
    "landscape": "landscape", "portrait": "portrait", "square": "square", "横屏": "landscape", "竖屏": "portrait",
    "方形": "square", "16:9": "landscape", "9:16": "portrait", "1:1": "square",
}  # fmt: skip

NO_PROMPT_COLUMN: Final = N_("There is no column called {name}.")
UNKNOWN_COLUMN: Final = N_("Nothing is called {name}. There can be: {names}.")
BAD_SHAPE: Final = N_("{value} is no shape: landscape, portrait or square.")
BAD_SECONDS: Final = N_("{value} is no number of seconds.")
BAD_TAKES: Final = N_("{value} is no number of takes: 1 to {limit}.")
BAD_LOOK: Final = N_("There is no look called {value}.")


@dataclass(frozen=True, slots=True)
class Base:
    """What every row begins with: a template or the composer's own, its controls, and the language of what is sent."""

    composition: Composition = field(default_factory=Composition)
    controls: Controls = field(default_factory=Controls)

    @property
    def form(self) -> tuple[Variable, ...]:
        """The variables that become columns."""
        return variables(self.composition)


def nothing(item: Item) -> tuple[Problem, ...]:
    """Find nothing else to say about a prompt."""
    return ()


def read_batch(
    data: bytes | str, base: Base, limits: Limits = USUAL, *, also: Callable[[Item], Iterable[Problem]] = nothing
) -> Checked[tuple[Item, ...]]:
    """Return a prompt for each row, or every problem of the sheet with its row and column.

    Without a template there must be a column `prompt`. With one, each of its variables may be a column; a variable
    without a column, and an empty cell, take what the variable begins with. `also` tells what else may keep a prompt
    from being sent, so that all is told at once.
    """
    table = read_table(data, MAX_ROWS)
    if table.value is None:
        return Checked(None, table.problems)
    names, problems = _named(table.value, base)
    items: list[Item] = []
    form = base.form
    for number, cells in table.value.rows if not problems else ():
        item = _item({names[heading]: value for heading, value in cells.items()}, base, form, limits)
        problems.extend(replace(problem, row=number) for problem in item.problems)
        if item.value is not None:
            items.append(replace(item.value, row=number))
            problems.extend(replace(problem, row=number) for problem in also(items[-1]))
    problems.extend(check_items(items, limits) if items else ())
    return checked(tuple(items), sorted(problems, key=_place))


def example(base: Base, language: Language) -> bytes:
    """Return a sheet to begin with: the columns of this template (or `prompt`) and two rows."""
    form = base.form
    other = ["look", "orientation", "seconds", "takes"] if form else ["orientation", "seconds", "takes"]
    headings = [variable.name for variable in form] or [_heading("prompt", language)]
    headings += [_heading(name, language) for name in other]
    look_name = {"en": "Warm film", "zh": "暖调胶片"}[language]
    shapes = {"en": ("landscape", "portrait"), "zh": ("横屏", "竖屏")}[language]
    prompts = {"en": ("A paper boat crosses a puddle", "A lighthouse at dusk"), "zh": ("纸船漂过水洼", "黄昏的灯塔")}
    rows: list[list[object]] = [list(headings)]
    for number in (0, 1):
        first: list[object] = [_sample(variable, number) for variable in form] or [prompts[language][number]]
        rows.append([*first, *([look_name] if form else []), shapes[number], 10, number + 1])
    return as_csv(rows)


def _heading(name: str, language: Language) -> str:
    return COLUMNS[name][0] if language == "zh" else name


def _sample(variable: Variable, number: int) -> str:
    if variable.choices:
        return variable.choices[number % len(variable.choices)]
    if variable.kind == "number":
        return variable.start or str(1 if variable.low is None else variable.low)
    return variable.start or variable.name


def _named(table: Table, base: Base) -> tuple[dict[str, str], list[Problem]]:
    """Return what each heading is called by us, and the headings that nobody knows or that are missing."""
    form = [variable.name for variable in base.form]
    known = {name.casefold(): name for name in form}
    for name, others in COLUMNS.items():
        if name != "prompt" or not form:
            for each in (name, *others):
                known.setdefault(each.casefold(), name)
    names = {heading: known.get(" ".join(heading.split()).casefold(), "") for heading in table.headings}
    listed = ", ".join([*form, *(name for name in COLUMNS if name != "prompt" or not form)])
    problems = [
        Problem("csv_unknown_column", UNKNOWN_COLUMN, {"name": heading, "names": listed}, row=1, column=heading)
        for heading, name in names.items()
        if not name
    ]
    if not form and "prompt" not in names.values():
        problems.append(Problem("csv_no_column", NO_PROMPT_COLUMN, {"name": "prompt"}, row=1))
    return names, problems


def _item(row: Mapping[str, str], base: Base, form: Sequence[Variable], limits: Limits) -> Checked[Item]:
    controls, problems = _controls(row, base.controls, limits)
    values = {variable.name: row[variable.name] for variable in form if row.get(variable.name)}
    chosen = look(row["look"]) if row.get("look") else None
    if row.get("look") and chosen is None:
        problems.append(Problem("csv_bad_look", BAD_LOOK, {"value": row["look"]}, column="look"))
    composition = Composition(language=base.composition.language)
    if form:
        filled = fill(base.composition, values)
        problems.extend(filled.problems)
        composition = filled.value or composition
    else:
        composition = apply_edit(composition, row.get("prompt", ""))
    composition = _dressed(composition, chosen) if chosen else composition
    if problems and not form:  # such a row goes no further: what its prompt lacks is told here, beside the rest
        problems.extend(item_problems(Item(composition.text, controls), limits))
    fields = replace(composition.fields, controls=controls)
    return checked(Item(composition.text, controls, values=values, fields=fields if form else None), problems)


def _dressed(composition: Composition, chosen: Look) -> Composition:
    """Return it in a look: fields take it, a text of one's own has it said below."""
    if composition.edit is None:
        return replace(composition, fields=apply_look(composition.fields, chosen))
    text = f"{composition.text.rstrip()}\n\n{compose(chosen.fields, composition.language)}"
    return apply_edit(composition, text) if composition.text.strip() else composition


def _controls(row: Mapping[str, str], base: Controls, limits: Limits) -> tuple[Controls, list[Problem]]:
    problems: list[Problem] = []
    shape, seconds, takes = (row.get(name, "") for name in ("orientation", "seconds", "takes"))
    if shape and shape.casefold() not in _SHAPES:
        problems.append(Problem("csv_bad_shape", BAD_SHAPE, {"value": shape}, column="orientation"))
    if seconds and not _is_seconds(seconds):
        problems.append(Problem("csv_bad_seconds", BAD_SECONDS, {"value": seconds}, column="seconds"))
    if takes and not (takes.isdecimal() and takes.isascii() and 1 <= int(takes[:6]) <= limits.max_takes):
        params = {"value": takes, "limit": str(limits.max_takes)}
        problems.append(Problem("csv_bad_takes", BAD_TAKES, params, column="takes"))
    if problems:
        return base, problems
    return Controls(
        model=row.get("model", "") or base.model,
        orientation=_SHAPES.get(shape.casefold(), base.orientation),
        seconds=float(seconds) if seconds else base.seconds,
        quality=row.get("quality", "") or base.quality,
        takes=int(takes) if takes else base.takes,
    ), problems


def _is_seconds(value: str) -> bool:
    return value.isascii() and value.replace(".", "", 1).isdecimal() and 0 < float(value) <= 3600


def _place(problem: Problem) -> int:
    return problem.row or MAX_SENDS * 1_000
