"""Whether money was spent on a generation: derived each time from what is known, never stored. Pure.

db.certainty says the same to the database. What the person read on the bill goes before what a state lets one conclude.
"""

from __future__ import annotations

from db.records import Generation
from db.states import UNFINISHED, Certainty, State

__all__ = ["Certainty", "certainty", "counts"]

FREE_ENDS = frozenset({State.REJECTED, State.NOT_SENT})


def certainty(generation: Generation) -> Certainty:
    """Tell whether this was paid for: surely, perhaps, or not at all."""
    if generation.demo or generation.imported_at is not None:
        return Certainty.NONE
    if generation.state in UNFINISHED:
        return Certainty.PENDING
    if generation.charged is not None:
        return Certainty.SURE if generation.charged else Certainty.NOT_CHARGED
    never_sent = generation.state is State.CANCELLED and generation.sent_at is None
    if generation.state in FREE_ENDS or never_sent:
        return Certainty.NONE
    return Certainty.SURE if generation.state is State.DONE else Certainty.MAYBE


def counts(generation: Generation) -> bool:
    """Tell whether its cost is part of a total, as sure or as maybe."""
    return certainty(generation) in {Certainty.SURE, Certainty.MAYBE}
