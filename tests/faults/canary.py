"""The token of this suite, and every place it must not be found in: files, tables, packed blobs, logs, pages."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from services.generations import Generation
from services.generations.report import as_report
from services.generations.use_cases import Generations

TOKEN = "Canary7-of.the_Faults-Zq3xW9vB"
"""No `sk-` in front: only who knows it can take it out."""


def hits(text: str | bytes) -> int:
    """Count the token in something written."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return data.count(TOKEN.encode())


def hits_of(generations: Generations, generation: Generation, screen: str) -> int:
    """Count it in all that can be had of one generation: the page, the report, the raw answer, the curl."""
    report = json.dumps(as_report(generation, lambda video: None), ensure_ascii=False)
    raw = generations.raw(generation.id) or b""
    return hits(screen) + hits(repr(generation)) + hits(report) + hits(raw) + hits(generations.curl(generation.id))


def hits_in_folder(folder: Path) -> int:
    """Count it in every file, and in every value of every table, packed ones unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    plain = sum(hits(path.read_bytes()) for path in files)
    return plain + sum(_hits_in_tables(path) for path in files if path.suffix == ".db")


def _hits_in_tables(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as connection:
        try:
            return sum(hits(value) for value in _values(connection))
        except sqlite3.DatabaseError:
            return 0  # spoilt on purpose: its plain bytes were looked at


def _values(connection: sqlite3.Connection) -> Iterator[str | bytes]:
    names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # names from the file itself
            for value in row:
                if isinstance(value, bytes):
                    yield _unpacked(value)
                elif isinstance(value, str):
                    yield value


def _unpacked(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value
