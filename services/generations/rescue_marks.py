"""What a person says about unhappy generations, several at once: the bill, done with it, try the video again."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from db import rescue as rows
from db import videos
from services.clock import utc_now
from services.generations.use_cases import Generations
from services.usage.freezing import freeze


class Charged(Enum):
    """What the provider's bill says, as far as the person knows."""

    NOT_SAID = None
    YES = True
    NO = False


def mark(mine: Generations, generation_ids: Sequence[str], charged: Charged) -> int:
    """Note what the bill says, and when that was said; return for how many it was news."""
    now = utc_now()
    with mine.database.transaction() as session:
        news = sum(rows.set_charged(session, mine.owner, id, charged.value, now) for id in generation_ids)
        if charged is Charged.YES:  # what was thought to be free may have no cost yet
            freeze(session, generation_ids)
        return news


def dismiss(mine: Generations, generation_ids: Sequence[str]) -> int:
    """Take these off the desk; return how many."""
    with mine.database.transaction() as session:
        return rows.dismiss(session, mine.owner, generation_ids, utc_now())


def bring_back(mine: Generations, generation_ids: Sequence[str]) -> int:
    """Put these on the desk again; return how many."""
    with mine.database.transaction() as session:
        return rows.bring_back(session, mine.owner, generation_ids)


def fetch_again(mine: Generations, generation_ids: Sequence[str]) -> int:
    """Put every failed video of these back in line; return how many."""
    with mine.database.transaction() as session:
        count = videos.retry_all(session, mine.owner, generation_ids)
    mine.hand.wake()
    return count
