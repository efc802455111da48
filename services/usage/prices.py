"""What a person does with prices: set, replace and end them, take them in and out as CSV, ask what something may cost.

Nothing is priced by itself: without a rule of the person's own, a cost is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from db import prices as rows
from db.database import Database
from db.prices import Basis, PriceRule
from services.clock import utc_now
from services.endpoint.text import clean
from services.endpoint.views import EndpointView
from services.errors import NotFoundError, PriceError
from services.generations.asking import asked_by, body_for
from services.generations.expected import asked_of
from services.prompts.desk import fields_of
from services.prompts.sending import Composed, outgoing
from services.usage.arithmetic import Estimate, choose, estimate
from services.usage.estimates import FREE, Asked, Expectation, Known, estimate_of, known_of, seconds_of, together
from services.usage.freezing import rules_of
from services.usage.money import Money, currency_of

if TYPE_CHECKING:
    from db.records import Generation
    from services.endpoint.profiles import Endpoints
    from services.generations.batch import Ready
    from services.usage.repricing import Repricing, Scope

__all__ = ["Basis", "Draft", "Estimate", "Expectation", "PriceRule", "Prices", "checked", "draft_of"]

LARGEST_PRICE: Final = 10_000
MOST_DECIMALS: Final = 12
LONGEST_MODEL: Final = 200
LONGEST_NOTE: Final = 500
FIRST_DAY: Final = dt.date(2020, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A price as it is typed; `checked` makes a rule of it. `endpoint_id` '': any endpoint but the demo."""

    endpoint_id: str = ""
    model: str
    basis: str
    price: str = ""
    completion_price: str = ""
    currency: str = ""
    valid_from: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """One person's prices."""

    owner: str
    database: Database
    endpoints: Endpoints

    def rules(self) -> list[PriceRule]:
        """Return the rules in use, oldest first."""
        with self.database.reading() as session:
            return rows.in_use(session, self.owner)

    def history(self) -> list[PriceRule]:
        """Return every rule ever made, those that were ended or replaced too, oldest first."""
        with self.database.reading() as session:
            return rows.all_of(session, self.owner)

    def save(self, draft: Draft, *, instead_of: str | None = None) -> PriceRule:
        """Keep a new rule; `instead_of` ends the one with that id. What was priced before stays as it is.

        Raises:
            PriceError: what was typed is no price; the code says which part.
            NotFoundError: the one to replace is not in use, or someone else's.
        """
        return self.save_all([draft], instead_of=instead_of)[0]

    def save_all(self, drafts: Iterable[Draft], *, instead_of: str | None = None) -> list[PriceRule]:
        """Keep several new rules, all or none; see `save`."""
        known = {view.id for view in self.endpoints.list() if not view.demo}
        now = utc_now()
        new = [replace(checked(draft, known), id=token_hex(12), owner=self.owner, created_at=now) for draft in drafts]
        with self.database.transaction() as session:
            if instead_of is not None and not rows.end(
                session, self.owner, instead_of, now, token_hex(8), replaced_by=new[0].id
            ):
                raise NotFoundError("no such price")
            for rule in new:
                rows.add(session, rule, token_hex(8))
        return new

    def end(self, rule_id: str) -> None:
        """Use a rule no more; it stays in the history.

        Raises:
            NotFoundError: not in use, or someone else's.
        """
        with self.database.transaction() as session:
            if not rows.end(session, self.owner, rule_id, utc_now(), token_hex(8)):
                raise NotFoundError("no such price")

    def reprice(self, scope: Scope, *, by: str, reason: str) -> Repricing:
        """Compute old costs anew, and write down who did it and why; see `repricing.reprice`.

        Raises:
            PriceError: no reason was given (price_reason).
        """
        from services.usage.repricing import reprice

        return reprice(self.owner, self.database, scope, by=by, reason=reason)

    def repricings(self, limit: int) -> list[Repricing]:
        """Return the last acts of re-pricing, newest first."""
        from db import repricings

        with self.database.reading() as session:
            return repricings.newest(session, self.owner, limit)

    def rule_for(self, endpoint_id: str, model: str, day: dt.date | None = None) -> PriceRule | None:
        """Return the rule that is used for a model of an endpoint on a day (UTC; None: today); None if none is."""
        with self.database.reading() as session:
            rules = rules_of(session, self.owner)
        return choose(rules, endpoint_id, model, day or utc_now().date())

    def estimate(
        self,
        endpoint: EndpointView,
        model: str,
        *,
        asked_seconds: float | None = None,
        max_tokens: int | None = None,
        prompt_tokens: int | None = None,
    ) -> Estimate | None:
        """Return what one sending may cost today; None: unknown. The demo is free and has no estimate.

        `prompt_tokens` is the most the prompt can have (`arithmetic.most_prompt_tokens`).
        """
        rule = None if endpoint.demo else self.rule_for(endpoint.id, model)
        if rule is None:
            return None
        return estimate(rule, asked_seconds=asked_seconds, max_tokens=max_tokens, prompt_tokens=prompt_tokens)

    def expect(self, endpoint: EndpointView, asked: Iterable[Asked]) -> Expectation:
        """Return what several requests may cost together today."""
        wanted = list(asked)
        if endpoint.demo:
            return replace(FREE, count=len(wanted))
        known = self._known()
        return together([_estimate(known, endpoint, one) for one in wanted])

    def expect_prompt(self, endpoint: EndpointView, prompt: str, beside: Composed | None) -> Expectation:
        """Return what a prompt with all that goes with it may cost, sent to an endpoint now."""
        sent = outgoing(prompt, endpoint.model, beside, endpoint.id)
        return self.expect(endpoint, [asked_by(sent, body_for(endpoint, sent))])

    def expect_rewrite(self, endpoint: EndpointView, model: str, prompt: str) -> Expectation:
        """Return what it may cost to have a prompt written anew: no `max_tokens` bounds a price by the token."""
        return self.expect(endpoint, [Asked(model.strip() or endpoint.model, endpoint.extra, prompt)])

    def expect_batch(self, batch: Ready) -> Expectation:
        """Return what a whole batch may cost."""
        return self.expect(batch.endpoint, map(asked_of, batch.rows))

    def dearest(self, batch: Ready) -> Money | None:
        """Return what the dearest prompt of a batch may cost; None if one cannot be told, or in two currencies."""
        made = self._known()
        found = [_estimate(made, batch.endpoint, asked_of(row)) for row in batch.rows]
        known = [one.money for one in found if one is not None]
        if not known or len(known) < len(found) or len({one.currency for one in known}) > 1:
            return None
        return max(known, key=lambda money: money.amount)

    def expect_again(self, generations: Iterable[Generation]) -> Expectation:
        """Return what it may cost to send these once more, each where it went: to the chosen one if that is gone."""
        views = {view.id: view for view in self.endpoints.list()}
        chosen, estimates, free = self.endpoints.chosen(), [], []
        known = self._known()
        for one in generations:
            endpoint = views.get(one.endpoint_id, chosen)
            asked = Asked(one.model, one.request or {}, one.prompt, fields_of(one.fields).controls)
            free.append(endpoint.demo)
            if not endpoint.demo:
                estimates.append(_estimate(known, endpoint, asked))
        return replace(FREE, count=len(free)) if all(free) else together(estimates)

    def _known(self) -> Known:
        with self.database.reading() as session:
            return known_of(session, self.owner)


def _estimate(known: Known, endpoint: EndpointView, asked: Asked) -> Estimate | None:
    return estimate_of(known, endpoint, asked, seconds_of(known, asked))


def draft_of(rule: PriceRule) -> Draft:
    """Return a rule as it would be typed."""
    price, completion = ("" if one is None else format(one, "f") for one in (rule.price, rule.completion_price))
    return Draft(
        endpoint_id=rule.endpoint_id,
        model=rule.model,
        basis=str(rule.basis),
        price=price,
        completion_price=completion,
        currency=rule.currency,
        valid_from=rule.valid_from.isoformat(),
        note=rule.note,
    )


def checked(draft: Draft, known_endpoints: Iterable[str]) -> PriceRule:
    """Return the rule a draft says, still without id and owner.

    Raises:
        PriceError: price_model, price_amount, price_missing, price_large, price_currency, price_date,
            price_endpoint, price_invalid.
    """
    model = clean(draft.model).strip()
    if not model or len(model) > LONGEST_MODEL:
        raise PriceError("a model is needed", code="price_model")
    if draft.endpoint_id and draft.endpoint_id not in set(known_endpoints):
        raise PriceError("no such endpoint", code="price_endpoint")
    if draft.basis not in set(Basis):
        raise PriceError("charged by what?")
    basis = Basis(draft.basis)
    price, completion = _amounts(basis, draft)
    currency = currency_of(clean(draft.currency))
    if currency is None and basis is not Basis.UNKNOWN:
        raise PriceError("a currency is needed", code="price_currency")
    return PriceRule(
        id="",
        owner="",
        endpoint_id=draft.endpoint_id,
        model=model,
        basis=basis,
        price=price,
        completion_price=completion,
        currency=currency or "",
        valid_from=_day(draft.valid_from),
        note=clean(draft.note).strip()[:LONGEST_NOTE],
        created_at=utc_now(),
    )


def _amounts(basis: Basis, draft: Draft) -> tuple[Decimal | None, Decimal | None]:
    if basis is Basis.UNKNOWN:
        return None, None
    return _amount(draft.price), _amount(draft.completion_price) if basis is Basis.PER_TOKEN else None


def _amount(text: str) -> Decimal:
    """Return a price as it was typed, exactly; a decimal comma is one if there is no point."""
    typed = clean(text).strip()
    if not typed:
        raise PriceError("an amount is missing", code="price_missing")
    if "," in typed and "." not in typed:
        typed = typed.replace(",", ".")
    try:
        price = Decimal(typed)
    except InvalidOperation as error:
        raise PriceError("no number", code="price_amount") from error
    if not price.is_finite() or price < 0 or price != round(price, MOST_DECIMALS):
        raise PriceError("no price", code="price_amount")
    if price > LARGEST_PRICE:
        raise PriceError("too large", code="price_large")
    return abs(price)


def _day(text: str) -> dt.date:
    if not text.strip():
        return utc_now().date()
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise PriceError("no day", code="price_date") from error
    if day < FIRST_DAY:
        raise PriceError("long ago", code="price_date")
    return day
