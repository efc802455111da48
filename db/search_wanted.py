"""What is wanted of the search index, and how it is spelt for each database. Pure.

Every word is quoted and consists of letters and digits alone (db.search_text), so no text can be query syntax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final, TypeAlias

from db.search_text import Token, facet_token, owner_token


class Where(Enum):
    """Where the words must be found: anywhere, all of them in the prompt, or anywhere but all in the prompt."""

    ANYWHERE = "anywhere"
    PROMPT = "prompt"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a person typed: all its tokens in the texts, or (with `id`) the beginning of an id."""

    tokens: tuple[Token, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All terms, and of each group of facets any one; of the trash instead of the library if `trashed`."""

    terms: tuple[Term, ...] = ()
    facets: tuple[tuple[str, ...], ...] = ()
    trashed: bool = False
    where: Where = Where.ANYWHERE

    @property
    def has_phrase(self) -> bool:
        """Whether words must follow each other somewhere: no list of the index tells where they do."""
        return any(len(token.pieces) > 1 for term in self.terms for token in term.tokens)


Words: TypeAlias = Mapping[str, Sequence[str]]
"""The whole words of the index that begin with a beginning, where they are known and few."""

_TEXTS: Final = {True: ("{prompt response marks}", "ABD"), False: ("{prompt}", "A")}


def fts_query(
    owner: str, wanted: Wanted, words: Words | None = None, until: Sequence[str] = (), *, anybodys: bool = False
) -> str:
    """Spell it for SQLite's FTS5. `until`: words of rows that shall be met too, whatever else is wanted. `anybodys`:
    whoever's they are, in the trash or not, where there are terms and nothing but.

    >>> boat = Wanted(terms=(Term((Token(("boat",), True),)),))
    >>> fts_query("a", boat)
    'facets : ("own61") AND ({prompt response marks} : ("boat" *))'
    >>> fts_query("a", boat, {"boat": ["boat", "boats"]})
    'facets : ("own61") AND ({prompt response marks} : (("boat" OR "boats")))'
    >>> fts_query("a", boat, anybodys=True)
    '({prompt response marks} : ("boat" *))'
    """
    groups = _groups(owner, wanted, lambda word: f'"{word}"', " OR ")
    texts = _texts(owner, wanted, partial(_fts_term, words or {}), " AND ", " NOT ")
    if until:
        or_met = " OR ".join(f'"{word}"' for word in until)
        groups = [f"({group} OR {or_met})" for group in groups]
        texts = [f"({one} OR facets : ({or_met}))" for one in texts]
    return " AND ".join(texts if anybodys else [f"facets : ({_all(groups, ' AND ')})", *texts])


def ts_query(owner: str, wanted: Wanted) -> str:
    """Spell it for Postgres.

    >>> ts_query("a", Wanted(terms=(Term((Token(("boat",), True),)),)))
    "'own61':C & (('boat':*ABD))"
    """
    groups = _groups(owner, wanted, lambda word: f"'{word}':C", " | ")
    return " & ".join([*groups, *_texts(owner, wanted, _ts_term, " & ", " & !")])


def _groups(owner: str, wanted: Wanted, spell: Callable[[str], str], either: str) -> list[str]:
    """Return the conditions on facets; a facet names its owner, so the owner's own word is for when there is none."""
    if not wanted.facets:
        return [spell(owner_token(owner, trashed=wanted.trashed))]
    return [
        _all([spell(facet_token(owner, facet, trashed=wanted.trashed)) for facet in group], either)
        for group in wanted.facets
    ]


_Spell = Callable[[Term, bool, str], str]


def _texts(owner: str, wanted: Wanted, spell: _Spell, both: str, but_not: str) -> list[str]:
    if not wanted.terms:
        return []
    space = owner_token(owner, trashed=wanted.trashed)
    anywhere, in_prompt = (
        f"({both.join(spell(term, everywhere, space) for term in wanted.terms)})" for everywhere in (True, False)
    )
    if wanted.where is Where.ANYWHERE:
        return [anywhere]
    return [in_prompt] if wanted.where is Where.PROMPT else [f"({anywhere}{but_not}{in_prompt})"]


def _fts_term(words: Words, term: Term, everywhere: bool, space: str) -> str:
    spelt = f"{_TEXTS[everywhere][0]} : ({' AND '.join(_fts_token(one, words) for one in term.tokens)})"
    return f'({spelt} OR facets : "{space}xi{term.id}" *)' if term.id and everywhere else spelt


def _fts_token(token: Token, words: Words) -> str:
    *ahead, last = token.pieces
    if token.prefix and words.get(last):
        return _all([f'"{" ".join([*ahead, word])}"' for word in words[last]], " OR ")
    return f'"{" ".join(token.pieces)}"{" *" if token.prefix else ""}'


def _ts_term(term: Term, everywhere: bool, space: str) -> str:
    weights = _TEXTS[everywhere][1]
    phrases = (_ts_phrase(one, weights) for one in term.tokens)
    spelt = f"({' & '.join(f'({one})' if ' ' in one else one for one in phrases)})"
    return f"({spelt} | '{space}xi{term.id}':*C)" if term.id and everywhere else spelt


def _ts_phrase(token: Token, weights: str) -> str:
    *ahead, last = token.pieces
    return " <-> ".join(
        [*(f"'{piece}':{weights}" for piece in ahead), f"'{last}':{'*' if token.prefix else ''}{weights}"]
    )


def _all(words: list[str], between: str) -> str:
    return words[0] if len(words) == 1 else f"({between.join(words)})"
