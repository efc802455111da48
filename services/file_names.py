"""Names of files that people save, made of their own words. Nothing is ever stored under such a name."""

from __future__ import annotations

import unicodedata

LONGEST_BYTES = 80
"""Of the words; file systems take 255 bytes in all."""


def file_name(words: str, id: str, extension: str) -> str:
    """Return a name any system takes: letters, digits and hyphens of the words, then the beginning of the id.

    Whatever else stands there goes: paths, quotes, line ends, signs that turn the direction of writing. The beginning
    is ours, so it is no hidden file, no option and no device of Windows.

    >>> file_name("A paper boat — 纸船!", "0123456789abcdef", "mp4")
    'dailies-A-paper-boat-纸船-01234567.mp4'
    >>> file_name('../../etc/passwd\\r\\nX: "\\u202eexe.con"', "0123456789", "mp4"), file_name("???", "01", "webm")
    ('dailies-etc-passwd-X-exe-con-01234567.mp4', 'dailies-01.webm')
    """
    line = unicodedata.normalize("NFC", words)
    kept = "".join(sign if unicodedata.category(sign)[0] in "LN" or _is_mark(sign) else " " for sign in line)
    short = "-".join(kept.split()).encode()[:LONGEST_BYTES].decode(errors="ignore").strip("-")
    return "-".join(filter(None, ["dailies", short, id[:8]])) + f".{extension}"


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Mc")
