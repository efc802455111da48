"""Reading a CSV file of any spreadsheet: its letters, its separator, its rows, and what is wrong with it. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.csv_cells import cell
from services.endpoint.text import clean
from services.prompts.checked import Checked, Problem
from services.prompts.marks import N_

MAX_BYTES: Final = 5_000_000
_SEPARATORS: Final = ",;\t"

EMPTY: Final = N_("The file is empty.")
TOO_LARGE: Final = N_("The file is larger than {limit} MB.")
NOT_TEXT: Final = N_("This is not a text file. Save the sheet as CSV (UTF-8).")
BAD_QUOTES: Final = N_("The quotes do not match from here on.")
NO_HEADING: Final = N_("Column {number} has no heading.")
HEADING_TWICE: Final = N_("Two columns are called {name}.")
NO_ROWS: Final = N_("There are no rows below the headings.")
TOO_MANY_ROWS: Final = N_("There are {count} rows; at most {limit} at once.")
TOO_MANY_CELLS: Final = N_(
    "This row has {count} cells, and there are {limit} headings. A text with a comma needs quotes."
)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows by their number in the sheet; blank rows are left out, cells are cleaned and stripped."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_table(data: bytes | str, max_rows: int) -> Checked[Table]:
    """Return the table of a CSV file, or everything that is wrong with its form."""
    text, problem = _text(data)
    if problem:
        return Checked(None, (problem,))
    records, problems = _records(text)
    if not records:
        return Checked(None, tuple(problems) or (Problem("csv_empty", EMPTY),))
    headings = [heading.strip() for heading in records[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    problems.extend(_heading_problems(headings))
    rows = [(number, cells) for number, cells in records[1:] if any(each.strip() for each in cells)]
    problems.extend(_row_problems(rows, len(headings), max_rows))
    if problems:
        return Checked(None, tuple(problems))
    return Checked(Table(tuple(headings), tuple((number, _cells(headings, cells)) for number, cells in rows)))


def _text(data: bytes | str) -> tuple[str, Problem | None]:
    if len(data) > MAX_BYTES:
        return "", Problem("csv_too_large", TOO_LARGE, {"limit": str(MAX_BYTES // 1_000_000)})
    text = data.removeprefix("\ufeff") if isinstance(data, str) else _decoded(data)
    if text is None or "\0" in text:
        return "", Problem("csv_not_text", NOT_TEXT)
    if not text.strip():
        return "", Problem("csv_empty", EMPTY)
    return clean(text), None


def _decoded(data: bytes) -> str | None:
    """Return the text of a file: by its mark, else UTF-8, else the letters of Chinese Windows."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _records(text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    if text.lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], text.split("\n", 1)[1] if "\n" in text else ""
    # The file has a limit of its own (MAX_BYTES): a cell over csv's 128 kB is a long prompt, not a quote left open.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return records, []
        except csv.Error:
            return records, [Problem("csv_quotes", BAD_QUOTES, row=number)]
        if records or any(each.strip() for each in record):
            records.append((number, record))


def _heading_problems(headings: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, heading in enumerate(headings, 1):
        if not heading:
            yield Problem("csv_no_heading", NO_HEADING, {"number": str(number)}, row=1)
        elif heading.casefold() in seen:
            yield Problem("csv_heading_twice", HEADING_TWICE, {"name": heading}, row=1, column=heading)
        seen.add(heading.casefold())


def _row_problems(rows: list[tuple[int, list[str]]], width: int, max_rows: int) -> Iterator[Problem]:
    if not rows:
        yield Problem("csv_no_rows", NO_ROWS)
    if len(rows) > max_rows:
        yield Problem("csv_too_many_rows", TOO_MANY_ROWS, {"count": str(len(rows)), "limit": str(max_rows)})
    for number, cells in rows:
        if any(each.strip() for each in cells[width:]):
            params = {"count": str(len(cells)), "limit": str(width)}
            yield Problem("csv_too_many_cells", TOO_MANY_CELLS, params, row=number)


def _cells(headings: list[str], cells: list[str]) -> Mapping[str, str]:
    padded = [*cells, *[""] * len(headings)]
    return {heading: _plain(padded[place]) for place, heading in enumerate(headings)}


def _plain(value: str) -> str:
    """Return a cell as it was meant: the apostrophe we put before what looks like a formula is taken off again."""
    value = value.strip()
    return value[1:] if value.startswith("'") and cell(value[1:]) == value else value
