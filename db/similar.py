"""Prompts that share words with one: candidates for "you already made this", from the search index, newest first.

An OR over a million rows would read most of them. So the words are cut into small groups and each group is asked for
as a whole: a prompt that differs in few words still holds all words of at least one group.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import search, search_entries
from db.search_text import Token, runs
from db.search_wanted import Term, Wanted, Where
from db.states import State
from db.tables import GenerationRow

GROUPS = 4
EACH = 30
"""Newest rows of a group: enough to find the like among the like, few enough to score while someone types."""
MAX_WORDS = 6
"""Asked for at once for the very same prompt: each one costs the reading of all rows that hold it, and six rare ones
together are hardly ever in two prompts that are not alike."""
_MADE = (f"s{State.DONE}", f"s{search_entries.UNFINISHED}")


@dataclass(frozen=True, slots=True)
class Similar:
    """A prompt that may be like the one asked for."""

    seq: int
    prompt: str
    picture: str | None


def candidates(session: Session, owner: str, prompt: str, model: str) -> list[Similar]:
    """Return an owner's prompts to this model, made or on their way, that share a group of words; newest first."""
    facets = ((search_entries.model_facet(model),), _MADE)
    seqs: set[int] = set()
    for group in groups(prompt):
        term = Term(tuple(Token((piece,), prefix=False) for piece in group))
        wanted = Wanted((term,), facets, where=Where.PROMPT)
        seqs.update(search.find(session, owner, wanted, limit=EACH))
    found = session.execute(
        select(GenerationRow.seq, GenerationRow.prompt, GenerationRow.picture)
        .where(GenerationRow.seq.in_(seqs), GenerationRow.owner == owner, GenerationRow.model == model)
        .order_by(GenerationRow.seq.desc())
    )
    return [Similar(**row._mapping) for row in found]


def groups(prompt: str) -> list[list[str]]:
    """Return groups of pieces to ask for: six at once (the very same prompt), then two long ones each.

    Long words are rare words, mostly; pairs of Chinese characters are all alike, so they are taken from all over.

    >>> groups("a lighthouse")
    [['a', 'lighthouse']]
    >>> groups("red lighthouse storm evening waves crash loudly below")[1:]
    [['lighthouse', 'crash'], ['evening', 'storm'], ['loudly', 'waves'], ['below', 'red']]
    """
    pieces = list(dict.fromkeys(_pieces(prompt)))
    if len(pieces) < 2 * GROUPS:
        return [pieces] if pieces else []
    rare = sorted(pieces, key=lambda piece: (-_weight(piece), piece))[: 2 * MAX_WORDS]
    lightest = _weight(rare[-1])
    whole = _spread([piece for piece in pieces if _weight(piece) >= lightest], MAX_WORDS)
    return [whole, *([rare[place], rare[place + GROUPS]] for place in range(GROUPS))]


def _pieces(prompt: str) -> list[str]:
    found: list[str] = []
    for run, cjk in runs(prompt[:20_000]):
        found.extend([run[at : at + 2] for at in range(max(1, len(run) - 1))] if cjk else [run])
    return found


def _spread(pieces: list[str], most: int) -> list[str]:
    step = max(1.0, len(pieces) / most)
    return [pieces[int(place * step)] for place in range(min(most, len(pieces)))]


def _weight(piece: str) -> int:
    return len(piece) if piece.isascii() else 4 * len(piece)
