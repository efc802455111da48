"""What a generation cost, as it is taken away and comes in again: exact, and unknown where no price is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from db.records import Generation
from services.usage.certainty import Certainty, certainty
from services.usage.money import LARGEST_NANO, currency_of, from_nano, to_nano

_RULE: Final = ("model", "basis", "price", "completion_price", "currency", "valid_from")
"""What is told of a price rule: not the ids of this house, and not the note beside it."""


def cost_is(one: Generation) -> str:
    """Tell how sure the cost is: `sure`, `maybe`, `unknown` (paid, or perhaps, and no price is known), or `none`.

    What was brought in was paid where it was made, if it was: it counts in no total here, and its cost stays told.
    """
    sure = certainty(replace(one, imported_at=None))
    if sure not in (Certainty.SURE, Certainty.MAYBE):
        return "none"
    return str(sure) if one.cost_nano is not None else "unknown"


def cost_of(one: Generation) -> dict[str, Any]:
    """Return it as plain data; the amount is text, so that no digit is lost, and null where it is unknown or none."""
    told = one.cost_rule or {}
    rule = told.get("rule")
    return {
        "is": cost_is(one),
        "amount": amount_of(one),
        "currency": one.cost_currency if amount_of(one) else None,
        "rule": None if rule is None else {name: rule.get(name) for name in _RULE},
        "missing": told.get("missing"),
    }


def amount_of(one: Generation) -> str | None:
    """Return the exact amount; None where it is unknown, or nothing was paid."""
    if cost_is(one) not in ("sure", "maybe") or one.cost_nano is None:
        return None
    return format(from_nano(one.cost_nano).normalize(), "f")


def rule_of(one: Generation) -> str | None:
    """Return the rule in one line, for a cell."""
    rule = cost_of(one)["rule"]
    if rule is None:
        return None
    return " ".join(str(rule[name]) for name in _RULE if rule[name] not in (None, ""))


def cost_said(one: Generation) -> str | None:
    """Return it for a reader: an amount, perhaps an amount, unknown; None for what cost nothing."""
    kind, amount = cost_is(one), amount_of(one)
    if kind == "none":
        return None
    said = f"{amount} {one.cost_currency}" if amount else "unknown"
    return f"{said}, perhaps" if kind == "maybe" else said


def read_cost(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a row for a cost from elsewhere; unknown for whatever is no amount of a currency."""
    word = said.get("currency")
    currency = currency_of(word) if isinstance(word, str) else None
    try:
        amount = Decimal(str(said.get("amount"))[:60])
        nano = to_nano(amount) if 0 <= amount <= from_nano(LARGEST_NANO) else None
    except InvalidOperation:
        nano = None
    known = currency is not None and nano is not None
    return {"cost_nano": nano if known else None, "cost_currency": currency if known else None}
