"""Old costs computed anew, by the rules in use now for the day each was sent: only when asked for, and written down.

A row keeps what it was beside what it is. Where no rule is for a row, its cost stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any, Final

from db import prices as rows
from db import repricings
from db.database import Database
from db.records import Cost, Generation
from db.repricings import Repricing
from services.clock import utc_now
from services.errors import PriceError
from services.prompts.desk import fields_of
from services.usage.estimates import Asked, known_of, seconds_of
from services.usage.freezing import cost_of

__all__ = ["Repricing", "Scope", "reprice"]

BATCH: Final = 200
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which rows: sent since a day (UTC; None: ever), those without a cost alone or all. `most` rows at most."""

    since: dt.date | None = None
    only_unpriced: bool = True
    most: int | None = None


@dataclass(slots=True)
class _Told:
    looked_at: int = 0
    changed: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)


def reprice(
    owner: str,
    database: Database,
    scope: Scope,
    *,
    by: str,
    reason: str,
    keep_going: Callable[[], bool] = lambda: True,
) -> Repricing:
    """Compute the cost of old rows anew, in parts of `BATCH`; return what was changed.

    Raises:
        PriceError: no reason was given (price_reason).
        StoreError: it could not be kept; the parts before are.
    """
    if not reason.strip():
        raise PriceError("a reason is needed", code="price_reason")
    told, after_seq = _Told(), 0
    wanted = {"since": scope.since.isoformat() if scope.since else None, "only_unpriced": scope.only_unpriced}
    act = Repricing(
        id=token_hex(12),
        owner=owner,
        by=by,
        reason=reason.strip()[:LONGEST_REASON],
        scope=wanted,
        began_at=utc_now(),
    )
    with database.transaction() as session:
        repricings.begin(session, act)
    while keep_going() and (scope.most is None or told.looked_at < scope.most):
        with database.transaction() as session:
            page = _page(session, owner, scope, after_seq)
            for generation in page:
                _one(session, generation, told)
            told.looked_at += len(page)
            repricings.note(session, _noted(act, told))
        if len(page) < BATCH:
            break
        after_seq = page[-1].seq
    with database.transaction() as session:
        act = replace(_noted(act, told), ended_at=utc_now())
        repricings.note(session, act)
    return act


def _page(session: Any, owner: str, scope: Scope, after_seq: int) -> list[Generation]:
    since = None if scope.since is None else dt.datetime.combine(scope.since, dt.time(), dt.UTC)
    return rows.ended(session, owner, after_seq=after_seq, since=since, only_unpriced=scope.only_unpriced, limit=BATCH)


def _one(session: Any, generation: Generation, told: _Told) -> None:
    cost = cost_of(session, _with_seconds(session, generation))
    was, currency = generation.cost_nano, generation.cost_currency
    if cost is None or (cost.cost_nano, cost.cost_currency) == (was, currency):
        return
    if not rows.freeze(session, generation.seq, _remembering(cost, generation), was=was, again=True):
        return
    told.changed += 1
    if was is not None and currency:
        told.before[currency] += was
    if cost.cost_nano is not None and cost.cost_currency:
        told.after[cost.cost_currency] += cost.cost_nano


def _with_seconds(session: Any, generation: Generation) -> Generation:
    """Return a row that was sent before seconds were noted with what its request asked for."""
    if generation.asked_seconds is not None:
        return generation
    asked = Asked(generation.model, generation.request or {}, generation.prompt, fields_of(generation.fields).controls)
    return replace(generation, asked_seconds=seconds_of(known_of(session, generation.owner), asked))


def _remembering(cost: Cost, generation: Generation) -> Cost:
    at = generation.priced_at
    was: Mapping[str, Any] = {
        "nano": generation.cost_nano,
        "currency": generation.cost_currency,
        "priced_at": at.isoformat() if at else None,
    }
    return replace(cost, cost_rule=cost.cost_rule | {"was": was})


def _noted(act: Repricing, told: _Told) -> Repricing:
    return replace(
        act, looked_at=told.looked_at, changed=told.changed, before=dict(told.before), after=dict(told.after)
    )
