"""Prompts that share parts with one: candidates for "you already made this", the most promising first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db import prompt_keys
from db.base import core_table
from db.prompt_keys import Said
from db.states import UNFINISHED, State
from db.tables import GenerationRow

SAME: Final = 10
"""Of the very same words, that many are enough."""
EACH: Final = 150
"""Newest rows of one key: enough to meet the like, and bounded where a part is in every tenth prompt."""
MOST: Final = 40
"""Candidates that are scored: few enough to do while someone types."""
_LOOK: Final = 400  # rows that are looked at for them: many may have failed

_G = core_table(GenerationRow).c
_ROWS: Final = select(_G.seq, _G.prompt, _G.picture).where(
    _G.seq.in_(bindparam("seqs", expanding=True)),
    _G.owner == bindparam("owner"),
    _G.model == bindparam("model"),
    _G.trashed_at.is_(None),
    _G.state.in_({State.DONE, *UNFINISHED}),
)


@dataclass(frozen=True, slots=True)
class Similar:
    """A prompt that may be like the one asked for."""

    seq: int
    prompt: str
    picture: str | None


def same(session: Session, said: Said) -> list[Similar]:
    """Return the owner's prompts to this model, made or on their way, whose words have the same key; newest first."""
    return _made(session, said, prompt_keys.newest(session, prompt_keys.whole(said), EACH), SAME)


def candidates(session: Session, said: Said) -> list[Similar]:
    """Return the owner's prompts to this model, made or on their way, that share a part; most promising first.

    A part says more, the fewer prompts it is in.
    """
    promise: defaultdict[int, float] = defaultdict(float)
    for part in prompt_keys.parts(said):
        seqs = prompt_keys.newest(session, part, EACH)
        for seq in seqs:
            promise[seq] += 1 / len(seqs)
    best = sorted(promise, key=lambda seq: (-promise[seq], -seq))
    return _made(session, said, best, MOST)


def _made(session: Session, said: Said, seqs: Sequence[int], most: int) -> list[Similar]:
    """Return the first of these that count, in their order: what failed made nothing, what is in the trash is gone."""
    found: list[Similar] = []
    for start in range(0, min(len(seqs), _LOOK), most):
        asked = seqs[start : start + most]
        rows = {
            row.seq: row for row in session.execute(_ROWS, {"seqs": asked, "owner": said.owner, "model": said.model})
        }
        found += [Similar(**rows[seq]._mapping) for seq in asked if seq in rows]
        if len(found) >= most:
            break
    return found[:most]
