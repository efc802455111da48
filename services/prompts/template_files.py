"""Templates as files: JSON, which keeps everything, and CSV, which other programs write and people edit. Pure.

A CSV needs only `name` and `prompt`; what else we know is kept in columns of its own. Cells that a spreadsheet would
take for a formula are defused on the way out and restored on the way in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.csv_cells import as_csv
from services.endpoint.text import clean
from services.prompts import composition as compositions
from services.prompts.checked import Checked, Problem, checked
from services.prompts.composition import Composition, apply_edit
from services.prompts.csv_reading import read_table
from services.prompts.marks import N_
from services.prompts.templates import LANGUAGES, Template
from services.prompts.vocabulary import Language, language_of

KIND: Final = "dailies-templates"
VERSION: Final = 1
MAX_TEMPLATES: Final = 500
MAX_NAME_CHARS: Final = 200
COLUMNS: Final = ("id", "name", "hint", "purpose", "version", "language", "prompt", "composition")

NOT_OURS: Final = N_("This is not a file of templates: it has no list called templates.")
NEWER: Final = N_("A newer Dailies wrote this file; this one reads version {version}.")
NO_NAME: Final = N_("A template needs a name.")
NO_PROMPT: Final = N_("A template needs a prompt.")
LONG_NAME: Final = N_("The name is longer than {limit} characters.")
BAD_VERSION: Final = N_("{value} is no version: a whole number from 1.")
TOO_MANY: Final = N_("There are {count} templates; at most {limit} at once.")
NO_COLUMN: Final = N_("There is no column called {name}.")


def to_json(templates: Iterable[Template]) -> str:
    """Return templates as a JSON file."""
    kept = [_kept(template) for template in templates]
    return json.dumps({"kind": KIND, "version": VERSION, "templates": kept}, ensure_ascii=False, indent=1)


def _kept(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": dict(template.name),
        "hint": dict(template.hint),
        "purpose": template.purpose,
        "version": template.version,
        "compositions": {
            language: json.loads(compositions.to_json(each)) for language, each in template.compositions.items()
        },
    }


def from_json(text: str) -> Checked[tuple[Template, ...]]:
    """Return the templates of a JSON file, or everything that is wrong with it."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        kept = None
    listed = kept.get("templates") if isinstance(kept, Mapping) else None
    if not isinstance(kept, Mapping) or not isinstance(listed, list):
        return Checked(None, (Problem("templates_not_ours", NOT_OURS),))
    if isinstance(kept.get("version"), int) and kept["version"] > VERSION:
        return Checked(None, (Problem("templates_newer", NEWER, {"version": str(VERSION)}),))
    if len(listed) > MAX_TEMPLATES:
        return Checked(None, (_too_many(len(listed)),))
    problems: list[Problem] = []
    read = [_read(each, f"templates[{index}]", problems) for index, each in enumerate(listed)]
    return checked(tuple(read), problems)


def _read(kept: object, path: str, problems: list[Problem]) -> Template:
    values = kept if isinstance(kept, Mapping) else {}
    name, hint = _twin(values.get("name")), _twin(values.get("hint"))
    raw = values.get("compositions")
    by_language = raw if isinstance(raw, Mapping) else {}
    read: dict[str, Composition] = {
        language: _composition(by_language[language], language) for language in LANGUAGES if language in by_language
    }
    version = values.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= 10**6:
        problems.append(Problem("template_bad_version", BAD_VERSION, {"value": str(version)[:40]}, column=path))
        version = 1
    template = _template(values, name, hint, version, read)
    problems.extend(_problems(template, column=path))
    return template


def _template(
    values: Mapping[str, Any], name: dict[str, str], hint: dict[str, str], version: int, read: dict[str, Composition]
) -> Template:
    purpose = values.get("purpose", "")
    template_id = values.get("id") if isinstance(values.get("id"), str) else ""
    return Template(
        clean(template_id or "")[:80] or _id(name, read),
        name,
        hint,
        clean(purpose)[:80] if isinstance(purpose, str) else "",
        version,
        read,
    )


def _twin(value: object) -> dict[str, str]:
    if isinstance(value, str):
        return {"en": clean(value).strip()} if value.strip() else {}
    if not isinstance(value, Mapping):
        return {}
    said = {language: value.get(language) for language in LANGUAGES}
    return {language: clean(text).strip() for language, text in said.items() if isinstance(text, str) and text.strip()}


def _composition(kept: object, language: Language) -> Composition:
    if isinstance(kept, str):
        return apply_edit(Composition(language=language), kept)
    values = {**kept, "language": language} if isinstance(kept, Mapping) else {}
    return compositions.from_json(json.dumps(values, ensure_ascii=False)) if "fields" in values else Composition()


def _id(name: Mapping[str, str], read: Mapping[str, Composition]) -> str:
    """Return an id for a template that came without: equal templates get the same, so importing twice adds nothing."""
    said = json.dumps([dict(name), {language: each.text for language, each in read.items()}], ensure_ascii=False)
    return "t" + hashlib.sha256(said.encode()).hexdigest()[:15]


def _problems(template: Template, *, row: int | None = None, column: str = "") -> list[Problem]:
    found = []
    if not template.name:
        found.append(Problem("template_no_name", NO_NAME, row=row, column=column or "name"))
    if any(len(name) > MAX_NAME_CHARS for name in template.name.values()):
        params = {"limit": str(MAX_NAME_CHARS)}
        found.append(Problem("template_long_name", LONG_NAME, params, row=row, column=column or "name"))
    if not any(each.text.strip() for each in template.compositions.values()):
        found.append(Problem("template_no_prompt", NO_PROMPT, row=row, column=column or "prompt"))
    return found


def to_csv(templates: Iterable[Template]) -> bytes:
    """Return templates as a CSV file, one row a language."""
    rows: list[tuple[object, ...]] = [COLUMNS]
    for template in templates:
        for language, each in template.compositions.items():
            spoken = language_of(language)
            rows.append(
                (
                    template.id,
                    template.said(spoken),
                    template.hinted(spoken),
                    template.purpose,
                    template.version,
                    language,
                    each.text,
                    compositions.to_json(each),
                )
            )
    return as_csv(rows)


def from_csv(data: bytes | str) -> Checked[tuple[Template, ...]]:
    """Return the templates of a CSV file, or everything that is wrong with it, by row and column.

    A changed `prompt` wins over the `composition` beside it: it becomes an edit, and the fields stay.
    """
    table = read_table(data, MAX_TEMPLATES * len(LANGUAGES))
    if table.value is None:
        return Checked(None, table.problems)
    lowered = {heading.casefold(): heading for heading in table.value.headings}
    problems = [
        Problem("csv_no_column", NO_COLUMN, {"name": name}, row=1) for name in ("name", "prompt") if name not in lowered
    ]
    if problems:
        return Checked(None, tuple(problems))
    read: dict[str, Template] = {}
    for number, cells in table.value.rows:
        row = {name: cells[heading] for name, heading in lowered.items()}
        template = _from_row(row, number, problems)
        read[template.id] = _joined(read.get(template.id), template)
    return checked(tuple(read.values()), problems)


def _from_row(row: Mapping[str, str], number: int, problems: list[Problem]) -> Template:
    language = language_of(row.get("language", ""))
    version = row.get("version", "") or "1"
    if not version.isdecimal() or not version.isascii() or not 1 <= int(version[:9]) <= 10**6:
        problems.append(
            Problem("template_bad_version", BAD_VERSION, {"value": version[:40]}, row=number, column="version")
        )
        version = "1"
    kept = row.get("composition", "")
    composed = compositions.from_json(kept) if kept.startswith("{") else Composition(language=language)
    if row["prompt"] != composed.text.strip():
        composed = apply_edit(composed, row["prompt"])
    values = {"id": row.get("id", ""), "purpose": row.get("purpose", "")}
    name: dict[str, str] = {language: row["name"]} if row["name"] else {}
    hint: dict[str, str] = {language: row["hint"]} if row.get("hint") else {}
    template = _template(values, name, hint, int(version), {language: composed} if row["prompt"] else {})
    problems.extend(_problems(template, row=number))
    return template


def _joined(before: Template | None, template: Template) -> Template:
    """Return the rows of one id as one template in both languages."""
    if before is None:
        return template
    return Template(
        template.id,
        {**before.name, **template.name},
        {**before.hint, **template.hint},
        template.purpose or before.purpose,
        max(before.version, template.version),
        {**before.compositions, **template.compositions},
    )


def _too_many(count: int) -> Problem:
    return Problem("templates_too_many", TOO_MANY, {"count": str(count), "limit": str(MAX_TEMPLATES)})
