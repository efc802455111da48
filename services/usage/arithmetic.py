"""From a price rule and what is known of a generation to what it costs: Decimal throughout, rounded once. Pure.

What cannot be told is unknown and says why; it is never 0, and tokens are never taken for a price by themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from db.prices import Basis, PriceRule
from services.usage.money import EXACT, LARGEST_NANO, Money, to_nano

MILLION: Final = Decimal("1e-6")
ENVELOPE_TOKENS: Final = 32
"""What a chat request adds around its text, generously: roles and marks. Used for "at most" only."""
Kind = Literal["at_most", "about"]
Missing = Literal["price", "seconds", "tokens", "too_large"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a generation that has ended. `seconds_of`: what `seconds` were read from."""

    seconds: float | None = None
    seconds_of: Literal["asked", "video"] = "asked"
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a rule makes of facts. `nano` None: unknown, `told["missing"]` says why. `told` is kept on the row."""

    nano: int | None
    currency: str
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one sending may cost: at most this, or about this. Unknown is None in its place."""

    kind: Kind
    money: Money


def choose(rules: Iterable[PriceRule], endpoint_id: str, model: str, day: dt.date) -> PriceRule | None:
    """Return the rule for a model of an endpoint on a day (UTC); None if there is none.

    The endpoint's own go before those for any; then the one that names more of the model, an exact name before a
    pattern; then the newest of those that were valid, and of these the one made last.
    """

    def rank(placed: tuple[int, PriceRule]) -> tuple[bool, int, bool, dt.date, int]:
        place, rule = placed
        letters = len(rule.model) - rule.model.count("*") - rule.model.count("?")
        return rule.endpoint_id != "", letters, letters == len(rule.model), rule.valid_from, place

    found = [
        (place, rule)
        for place, rule in enumerate(rules)
        if rule.ended_at is None
        and rule.endpoint_id in ("", endpoint_id)
        and rule.valid_from <= day
        and matches(rule.model, model)
    ]
    return max(found, key=rank)[1] if found else None


def matches(pattern: str, model: str) -> bool:
    """Tell whether a model's name is meant; * and ? stand for letters, capitals make no difference.

    >>> matches("Sora-2*", "sora-2-pro"), matches("sora[2]", "sora2"), matches("sora[2]", "Sora[2]")
    (True, False, True)
    """
    return fnmatchcase(model.casefold(), pattern.casefold().replace("[", "[[]"))


def reckon(rule: PriceRule, facts: Facts) -> Reckoned:
    """Return the cost of a generation by a rule, with the rule and the arithmetic as they are to be kept."""
    told: dict[str, Any] = {"rule": rule_as_told(rule), "exact": None, "missing": None}
    exact, used, missing = _BY[rule.basis](rule, facts)
    told |= used
    if exact is None:
        return Reckoned(None, rule.currency, told | {"missing": missing})
    nano = to_nano(exact)
    if nano > LARGEST_NANO:
        return Reckoned(None, rule.currency, told | {"missing": "too_large"})
    return Reckoned(nano, rule.currency, told | {"exact": format(exact.normalize(EXACT), "f")})


def estimate(
    rule: PriceRule, *, asked_seconds: float | None, max_tokens: int | None, prompt_tokens: int | None
) -> Estimate | None:
    """Return what one sending by a rule may cost; None: it cannot be told.

    A call costs its price at most: a failed one may cost nothing. Seconds are what was asked for, and a model may give
    others: about. Tokens are bounded by `max_tokens` and by `prompt_tokens` (an upper bound): at most.
    """
    facts = Facts(seconds=asked_seconds, prompt_tokens=prompt_tokens, completion_tokens=max_tokens)
    found = reckon(rule, facts)
    if found.nano is None:
        return None
    kind: Kind = "about" if rule.basis is Basis.PER_SECOND else "at_most"
    return Estimate(kind, Money(Decimal(found.told["exact"]), rule.currency))


def most_prompt_tokens(text: str) -> int:
    """Return how many tokens a text can be at most: each is one byte at least, and a request adds a few."""
    return len(text.encode("utf-8", "replace")) + ENVELOPE_TOKENS


def rule_as_told(rule: PriceRule) -> dict[str, Any]:
    """Return a rule as it is kept beside a cost: plain words, readable for ever."""
    return {
        "id": rule.id,
        "endpoint_id": rule.endpoint_id,
        "model": rule.model,
        "basis": str(rule.basis),
        "price": _text(rule.price),
        "completion_price": _text(rule.completion_price),
        "currency": rule.currency,
        "valid_from": rule.valid_from.isoformat(),
        "note": rule.note,
    }


def rule_from_told(told: Mapping[str, Any], at: dt.datetime) -> PriceRule:
    """Return the rule that was kept beside a cost, to finish the arithmetic with."""
    price, completion = (None if told[n] is None else Decimal(told[n]) for n in ("price", "completion_price"))
    return PriceRule(
        id=told["id"],
        owner="",
        endpoint_id=told["endpoint_id"],
        model=told["model"],
        basis=Basis(told["basis"]),
        currency=told["currency"],
        valid_from=dt.date.fromisoformat(told["valid_from"]),
        note=told["note"],
        created_at=at,
        price=price,
        completion_price=completion,
    )


_Exact = tuple[Decimal | None, dict[str, Any], Missing | None]


def _per_call(rule: PriceRule, facts: Facts) -> _Exact:
    return rule.price, {}, "price"


def _per_second(rule: PriceRule, facts: Facts) -> _Exact:
    if facts.seconds is None or rule.price is None:
        return None, {}, "seconds" if rule.price is not None else "price"
    seconds = Decimal(str(facts.seconds))
    with localcontext(EXACT):
        return rule.price * seconds, {"seconds": str(seconds), "seconds_of": facts.seconds_of}, None


def _per_token(rule: PriceRule, facts: Facts) -> _Exact:
    if rule.price is None or rule.completion_price is None:
        return None, {}, "price"
    used = {"prompt_tokens": facts.prompt_tokens, "completion_tokens": facts.completion_tokens}
    with localcontext(EXACT):
        if facts.prompt_tokens is not None and facts.completion_tokens is not None:
            both = facts.prompt_tokens * rule.price + facts.completion_tokens * rule.completion_price
            return both * MILLION, used, None
        if facts.total_tokens is not None and rule.price == rule.completion_price:
            return facts.total_tokens * rule.price * MILLION, {"total_tokens": facts.total_tokens}, None
    return None, used, "tokens"


def _unknown(rule: PriceRule, facts: Facts) -> _Exact:
    return None, {}, "price"


_BY: Final = {
    Basis.PER_CALL: _per_call,
    Basis.PER_SECOND: _per_second,
    Basis.PER_TOKEN: _per_token,
    Basis.UNKNOWN: _unknown,
}


def _text(price: Decimal | None) -> str | None:
    return None if price is None else format(price, "f")
