"""Every CSV we give out is written here: no cell of it is taken for a formula by a spreadsheet (RELIABILITY i).

A cell is judged by its first sign after blanks, control signs and what has no width: spreadsheets skip them too. Signs
that look like `=` are judged as it, whatever their width. JSONL, not CSV, is the exact export.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

FORMULA = frozenset("=+-@|%")
"""What begins a formula, or what an old spreadsheet runs (`|`, `%`)."""
_SKIPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
_LOOKS_LIKE = {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u207c": "=", "\u208c": "="}


def cell(value: object) -> object:
    """Return what may stand in a cell: numbers as they are, a text that begins like a formula behind an apostrophe.

    >>> cell(-5), cell("=1+1"), cell(" \\t＝1"), cell("a=1"), cell(None)
    (-5, "'=1+1", "' \\t＝1", 'a=1', '')
    """
    if value is None:
        return ""  # unknown is empty, never 0
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    bare = next((sign for sign in text if unicodedata.category(sign) not in _SKIPPED), "")
    looks = _LOOKS_LIKE.get(bare, unicodedata.normalize("NFKC", bare))
    formula = looks[:1] in FORMULA or text[:1] in ("\t", "\r", "\n")
    safe = text.replace("\0", "\ufffd")
    return f"'{safe}" if formula else safe


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a CSV file: UTF-8 with the mark that makes Excel read Chinese, CRLF (RFC 4180)."""
    return b"".join(csv_pieces(rows))


def csv_pieces(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the same file a row at a time: what is long need not be held in memory."""
    yield codecs.BOM_UTF8
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([cell(value) for value in row])
        yield out.getvalue().encode("utf-8", "replace")
