"""Gather the sentences of the pages, bring the .po files up to date, compile the .mo files.

    python3 locale/catalogue.py

A new sentence in a page is marked with `_(…)` (or `N_(…)` where it is only stored). Run this, translate the new entry
in locale/zh_CN/LC_MESSAGES/dailies.po, run it again. Standard library only; a test runs it and finds what is missing.
"""

from __future__ import annotations

import ast
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = {"en": "nplurals=2; plural=(n != 1);", "zh_CN": "nplurals=1; plural=0;"}
MARKS = frozenset({"_", "N_", "ngettext"})


class Sentence(NamedTuple):
    """A key of the catalogue; `plural` is empty where a sentence counts nothing."""

    key: str
    plural: str = ""


def gather(project: Path = PROJECT) -> dict[Sentence, list[str]]:
    """Return every marked sentence and the files that say it, in a stable order."""
    found: dict[Sentence, list[str]] = {}
    for folder in ("pages", "services"):
        for path in sorted((project / folder).rglob("*.py")):
            place = path.relative_to(project).as_posix()
            for sentence in _marked(ast.parse(path.read_text("utf-8"))):
                places = found.setdefault(sentence, [])
                if place not in places:
                    places.append(place)
    return found


def _marked(tree: ast.Module) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if words:
                yield Sentence(*words[: 2 if node.func.id == "ngettext" else 1])
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "MARKS":
            yield from (Sentence(meaning) for _, meaning in ast.literal_eval(node.value or ast.Tuple([])))


def read_po(path: Path) -> dict[Sentence, list[str]]:
    """Return the translations of a .po file: one string, or one for each plural form."""
    entries: dict[Sentence, list[str]] = {}
    for block in path.read_text("utf-8").split("\n\n") if path.exists() else []:
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("msg"):
                name, text = line.split(" ", 1)
                fields[name] = json.loads(text)
            elif line.startswith('"') and name:
                fields[name] += json.loads(line)
        if fields.get("msgid"):
            said = [text for field, text in fields.items() if field.startswith("msgstr")]
            entries[Sentence(fields["msgid"], fields.get("msgid_plural", ""))] = said
    return entries


def write_po(path: Path, language: str, sentences: dict[Sentence, list[str]], known: dict[Sentence, list[str]]) -> None:
    """Write the .po file: what is known stays, what is new is empty (English says its own key), what is gone goes."""
    blocks = [_header(language)]
    for sentence, places in sentences.items():
        lines = [f"#: {place}" for place in places]
        lines.append(f"msgid {_quoted(sentence.key)}")
        said = known.get(sentence) or []
        if language == "en":
            said = [word for word in sentence if word]
        if sentence.plural:
            lines.append(f"msgid_plural {_quoted(sentence.plural)}")
            forms = int(LANGUAGES[language][len("nplurals=")])
            lines += [f"msgstr[{i}] {_quoted(said[i] if i < len(said) else '')}" for i in range(forms)]
        else:
            lines.append(f"msgstr {_quoted(said[0] if said else '')}")
        blocks.append("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _metadata(language: str) -> str:
    return f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: {LANGUAGES[language]}\n"


def _header(language: str) -> str:
    lines = [f"{_quoted(line)}" for line in _metadata(language).splitlines(keepends=True)]
    return "\n".join(['msgid ""', 'msgstr ""', *lines])


def compile_mo(language: str, entries: dict[Sentence, list[str]]) -> bytes:
    """Return the .mo file (GNU gettext's format, little-endian, no hash table) of all translated entries."""
    pairs = {"": _metadata(language)}
    for sentence, said in entries.items():
        if all(said):
            pairs["\0".join(word for word in sentence if word)] = "\0".join(said)
    keys = sorted(pairs, key=lambda key: key.encode())
    texts = [key.encode() for key in keys] + [pairs[key].encode() for key in keys]
    count, at = len(keys), 28 + 16 * len(keys)
    table, data = b"", b""
    for text in texts:
        table += struct.pack("<2I", len(text), at + len(data))
        data += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, at) + table + data


def main() -> None:
    """Bring every catalogue up to date and say what still wants a translation."""
    sentences = gather()
    for language in LANGUAGES:
        folder = PROJECT / "locale" / language / "LC_MESSAGES"
        po = folder / "dailies.po"
        write_po(po, language, sentences, read_po(po))
        entries = read_po(po)
        (folder / "dailies.mo").write_bytes(compile_mo(language, entries))
        missing = [sentence.key for sentence, said in entries.items() if not all(said)]
        print(f"{language}: {len(entries)} sentences, {len(missing)} missing", *missing, sep="\n  ")  # noqa: T201


if __name__ == "__main__":
    main()
