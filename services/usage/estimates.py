"""What sending may cost, told before it is sent and kept on the row: "at most", "about", or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db import preferences
from db.prices import PriceRule
from services.clock import utc_now
from services.endpoint import picture_parts
from services.endpoint.views import EndpointView
from services.prompts.fields import Controls
from services.prompts.own_presets import NAME as PRESETS
from services.prompts.own_presets import presets_of
from services.prompts.presets import Presets
from services.prompts.seconds import asked_seconds
from services.usage.arithmetic import Estimate, Kind, choose, estimate, most_prompt_tokens
from services.usage.freezing import rules_of
from services.usage.money import sums

NO_WISHES = Controls()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it will leave: what an estimate is made of."""

    model: str
    request: Mapping[str, Any]
    prompt: str
    controls: Controls = NO_WISHES

    @property
    def most_prompt_tokens(self) -> int | None:
        """How many tokens its prompt has at most; None with a picture, whose tokens nobody can tell."""
        return None if picture_parts.named_in(dict(self.request)) else most_prompt_tokens(self.prompt)

    @property
    def max_tokens(self) -> int | None:
        """How many tokens the answer may have at most; None if the request does not say."""
        found = self.request.get("max_tokens", self.request.get("max_completion_tokens"))
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What several sendings may cost together, by currency. `unknown`: how many of `count` cannot be told.

    `kind` "at_most" only if that holds for each. `free`: the demo answers.
    """

    count: int
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    kind: Kind = "at_most"
    unknown: int = 0
    free: bool = False


FREE = Expectation(count=0, free=True)


def together(estimates: Iterable[Estimate | None]) -> Expectation:
    """Add up estimates, each currency by itself; what cannot be told is counted apart."""
    found = list(estimates)
    known = [one for one in found if one is not None]
    kind: Kind = "about" if any(one.kind == "about" for one in known) else "at_most"
    amounts = sums(one.money for one in known)
    return Expectation(count=len(found), amounts=amounts, kind=kind, unknown=len(found) - len(known))


@dataclass(frozen=True, slots=True)
class Known:
    """What estimates are made by: read once for many."""

    rules: tuple[PriceRule, ...]
    presets: Presets


def known_of(session: Any, owner: str) -> Known:
    """Return an owner's rules in use, and what they know of models."""
    return Known(rules_of(session, owner), presets_of(preferences.get(session, owner, PRESETS) or ""))


def seconds_of(known: Known, asked: Asked) -> float | None:
    """Return the seconds of video a request asks for; None: nothing says."""
    return asked_seconds(asked.model, asked.controls, asked.request, known.presets)


def estimate_of(known: Known, endpoint: EndpointView, asked: Asked, seconds: float | None) -> Estimate | None:
    """Return what a request to an endpoint may cost today; None: unknown, or the demo, which costs nothing."""
    if endpoint.demo:
        return None
    rule = choose(known.rules, endpoint.id, asked.model, utc_now().date())
    if rule is None:
        return None
    return estimate(rule, asked_seconds=seconds, max_tokens=asked.max_tokens, prompt_tokens=asked.most_prompt_tokens)


def expected_columns(session: Any, owner: str, endpoint: EndpointView, asked: Asked) -> dict[str, Any]:
    """Return the columns of a row that is about to be kept: seconds asked for, and what it may cost."""
    return columns_by(known_of(session, owner), endpoint, asked)


def columns_by(known: Known, endpoint: EndpointView, asked: Asked) -> dict[str, Any]:
    """Return the same by what was read before, for many rows."""
    seconds = seconds_of(known, asked)
    found = estimate_of(known, endpoint, asked, seconds)
    money = found.money if found else None
    return {
        "asked_seconds": seconds,
        "estimate_kind": found.kind if found else None,
        "estimate_nano": money.nano if money else None,
        "estimate_currency": money.currency if money else None,
    }
