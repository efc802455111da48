"""The cost of a generation, computed once when it ends, in the transaction that ends it, by the rules of that moment.

Rules are remembered by process and owner; one small look-up tells whether they have changed since, in this process or
in another. A price by the second whose seconds nobody knows yet waits for the first kept video.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection
from typing import Any

from db import prices as rows
from db.prices import PriceRule
from db.records import Cost, Ending, Generation
from db.rewrites import Rewrite
from db.states import VideoState
from services.clock import utc_now
from services.usage.arithmetic import Facts, Reckoned, choose, reckon, rule_from_told
from services.usage.certainty import FREE_ENDS, counts

_MOST_KNOWN = 1000
_known: dict[tuple[str, str], tuple[PriceRule, ...]] = {}
_lock = threading.Lock()


def rules_of(session: Any, owner: str) -> tuple[PriceRule, ...]:
    """Return an owner's rules in use: from memory if nobody has changed them."""
    version = rows.version(session, owner)
    if not version:  # no rule was ever made
        return ()
    known = _known.get((owner, version))  # the word is drawn at each change: it never stands for other rules
    if known is None:
        known = tuple(rows.in_use(session, owner))
        with _lock:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[owner, version] = known
    return known


def at_end(session: Any, generation: Generation, ending: Ending) -> Cost | None:
    """Return what a generation that ends now costs; None where nothing was spent, or no rule is for it."""
    if generation.demo or ending.state in FREE_ENDS:
        return None
    facts = Facts(
        seconds=generation.asked_seconds,
        prompt_tokens=ending.prompt_tokens,
        completion_tokens=ending.completion_tokens,
        total_tokens=ending.total_tokens,
    )
    return _cost(_found(session, generation, facts), utc_now())


def at_rewrite_end(session: Any, rewrite: Rewrite, ending: Ending) -> Cost | None:
    """Return what it costs to have had a prompt written anew; None where nothing was spent, or no rule is for it."""
    if ending.state in FREE_ENDS:
        return None
    day = rewrite.created_at.astimezone(dt.UTC).date()
    rule = choose(rules_of(session, rewrite.owner), rewrite.endpoint_id, rewrite.model, day)
    facts = Facts(
        prompt_tokens=ending.prompt_tokens,
        completion_tokens=ending.completion_tokens,
        total_tokens=ending.total_tokens,
    )
    return _cost(None if rule is None else reckon(rule, facts), utc_now())


def freeze(session: Any, generation_ids: Collection[str]) -> int:
    """Freeze the cost of those of these that ended without one and may be charged; return how many have one now."""
    frozen = 0
    for generation in rows.unpriced(session, generation_ids):
        cost = cost_of(session, generation)
        frozen += cost is not None and rows.freeze(session, generation.seq, cost) and cost.cost_nano is not None
    return frozen


def at_kept_video(session: Any, generation_id: str, seconds: float | None) -> bool:
    """Freeze the cost that waited for the length of a video, by the rule kept when the generation ended."""
    waits = None if seconds is None else rows.waits_for_seconds(session, generation_id)
    if waits is None:
        return False
    seq, told = waits
    rule = rule_from_told(told["rule"], utc_now())
    cost = _cost(reckon(rule, Facts(seconds=seconds, seconds_of="video")), utc_now())
    return cost is not None and rows.freeze(session, seq, cost)


def cost_of(session: Any, generation: Generation) -> Cost | None:
    """Return what an ended generation costs by the rules in use now; None where nothing counts, or no rule is."""
    if not counts(generation):
        return None
    lengths = (video.duration_seconds for video in generation.videos if video.state is VideoState.KEPT)
    kept = next(lengths, None)
    asked = generation.asked_seconds
    facts = Facts(
        seconds=kept if asked is None else asked,
        seconds_of="video" if asked is None else "asked",
        prompt_tokens=generation.prompt_tokens,
        completion_tokens=generation.completion_tokens,
        total_tokens=generation.total_tokens,
    )
    return _cost(_found(session, generation, facts), utc_now())


def _found(session: Any, generation: Generation, facts: Facts) -> Reckoned | None:
    day = (generation.sent_at or generation.created_at).astimezone(dt.UTC).date()
    rule = choose(rules_of(session, generation.owner), generation.endpoint_id, generation.model, day)
    if rule is None:
        return None
    found = reckon(rule, facts)
    if found.told["missing"] != "seconds":
        return found
    seconds = rows.video_seconds(session, generation.id)  # saved while the answer still came
    return found if seconds is None else reckon(rule, Facts(seconds=seconds, seconds_of="video"))


def _cost(found: Reckoned | None, at: dt.datetime) -> Cost | None:
    if found is None:
        return None
    return Cost(
        cost_nano=found.nano,
        cost_currency=None if found.nano is None else found.currency,
        cost_rule=found.told,
        priced_at=at,
    )
