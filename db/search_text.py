"""What the search index is fed, and how a person's words become a query. Pure. RELIABILITY d.

Chinese, Japanese and Korean runs become overlapping pairs of characters and the last one alone, so that any part of
a run is found; everything else is words, found by their beginnings. Both sides pass the same folding: NFKC, case,
Latin accents. Nothing but letters, digits and their marks survives, so no text can be query syntax.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

MAX_TOKENS = 20
MAX_WORD_CHARS = 64
MAX_INDEXED_CHARS = 50_000  # of a prompt, and again of an answer: a tsvector may not pass 1 MiB

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u3099-\u309a"
    "\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uf900-\ufaff\U00020000-\U000323af"
)
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a query: pieces that must follow each other; `prefix` when the last may go on."""

    pieces: tuple[str, ...]
    prefix: bool


def fold(text: str) -> str:
    """Return text as it is compared: compatibility forms, case and Latin accents made equal.

    >>> fold("Café ＡＢＣ ﾃｽﾄ Straße")
    'cafe abc テスト strasse'
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def runs(text: str) -> list[tuple[str, bool]]:
    """Return the words and CJK runs of a text, folded, in order; True marks a CJK run.

    >>> runs("Sora2视频, ok!")
    [('sora2', False), ('视频', True), ('ok', False)]
    """
    found = []
    for kind, characters in groupby(fold(text), _kind):
        if kind:
            run = "".join(characters)
            found.append((run, True) if kind == "cjk" else (run[:MAX_WORD_CHARS], False))
    return found


def pieces(text: str) -> list[str]:
    """Return what is indexed for a text, in order; of very long texts the beginning only.

    >>> pieces("城市夜景 neon")
    ['城市', '市夜', '夜景', '景', 'neon']
    """
    found: list[str] = []
    for run, cjk in runs(text[:MAX_INDEXED_CHARS]):
        found.extend(_pairs(run) if cjk else [run])
    return found


def tokens(text: str) -> list[Token]:
    """Return what a person asks for: all of it must be found, in any order. Empty when nothing can be searched.

    >>> tokens("夜景 ne")
    [Token(pieces=('夜景',), prefix=False), Token(pieces=('ne',), prefix=True)]
    """
    return [_cjk_token(run) if cjk else Token((run,), prefix=True) for run, cjk in runs(text)[:MAX_TOKENS]]


def phrase(text: str) -> Token | None:
    """Return the words of a text as one token: they must follow each other; the last one is whole, unless it is CJK.

    >>> phrase("neon 城市"), phrase("?!")
    (Token(pieces=('neon', '城市'), prefix=False), None)
    """
    found = runs(text)[:MAX_TOKENS]
    if not found:
        return None
    ahead = [piece for run, cjk in found[:-1] for piece in (_pairs(run) if cjk else [run])]
    last, cjk = found[-1]
    end = _cjk_token(last) if cjk else Token((last,), prefix=False)
    return Token((*ahead, *end.pieces), end.prefix)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text alone: how an id is compared.

    >>> squeezed("task_01JB-x")
    'task01jbx'
    """
    return "".join(run for run, _ in runs(text))


def owner_token(owner: str, *, trashed: bool = False) -> str:
    """Return the one word that stands for an owner in the index: `own` and a hex id; `bin` for what is in the trash.

    >>> owner_token("local")
    'own6c6f63616c'
    """
    return ("bin" if trashed else "own") + owner.encode().hex()


def facet_token(owner: str, facet: str, *, trashed: bool = False) -> str:
    """Return the one word that stands for a fact about an owner's generation; `x` is no hex digit.

    >>> facet_token("local", "r4")
    'own6c6f63616cxr4'
    """
    return f"{owner_token(owner, trashed=trashed)}x{facet}"


def is_short(beginning: str) -> bool:
    """Tell whether a great many words begin so: with one or two letters, or one character of Chinese.

    >>> is_short("ca"), is_short("cam"), is_short("夜")
    (True, False, True)
    """
    return len(beginning) < (2 if _kind(beginning[0]) == "cjk" else 3)


def holds_beginning(text: str, beginning: str) -> bool:
    """Tell whether a word of a text, or a part of one of its CJK runs, begins so; `beginning` is a piece of a query.

    >>> holds_beginning("two Boats, 夜景", "bo"), holds_beginning("two Boats", "oats"), holds_beginning("夜景", "景")
    (True, False, True)
    """
    folded = fold(text)
    at = folded.find(beginning)
    anywhere = _kind(beginning[0]) == "cjk"
    while at > 0 and not anywhere and _kind(folded[at - 1]) == "word":
        at = folded.find(beginning, at + 1)
    return at >= 0


@lru_cache(maxsize=1)
def _is_cjk() -> re.Pattern[str]:
    return re.compile(f"[{_CJK}]")  # not before somebody searches or ends something: it takes a while


@lru_cache(maxsize=16_384)
def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if _is_cjk().match(character) and (category[0] in "LMN" or category == "Cn"):  # Cn: newer than this Python
        return "cjk"
    return "word" if category[0] in "LMN" else ""


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def _cjk_token(run: str) -> Token:
    if len(run) == 1:
        return Token((run,), prefix=True)
    return Token(tuple(run[i : i + 2] for i in range(len(run) - 1)), prefix=False)
