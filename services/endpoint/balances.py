"""What is left at a person's endpoints: asked seldom, remembered in the database for all processes."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from db import balances as rows
from db import late_costs
from db.database import Database
from services.clock import utc_now
from services.endpoint import balance as reading
from services.endpoint.balance import Balance
from services.endpoint.profiles import Endpoints
from services.endpoint.redact import Redactor
from services.endpoint.views import EndpointView
from services.errors import DailiesError, EndpointError, UnclearError
from services.jobs.crew import Errands
from services.usage.low_balance import Warned, warned
from services.usage.money import Money

AUTO_SECONDS: Final = 600.0
BY_HAND_SECONDS: Final = 180.0
NONE_SECONDS: Final = 86_400.0
"""How long after it was asked an endpoint is asked again: by itself, by a click, and by itself if it told nothing.

One relay allows 20 calls in 20 minutes (PROTOCOL.md 5.1). A click each three minutes makes at most 14 there.
"""
ANSWER_SECONDS: Final = 8.0  # for each of the at most four questions

TOLD, NONE = "told", "none"
_ABSENT: Final = frozenset({"not_found", "bad_request", "redirect", "html_answer"})  # 404, 405, 410 …, a page
_NOT_HERE: Final = frozenset({501})
_LATER: Final = frozenset({"not_sent", "timeout", "rate_limited"})  # no further question now

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an endpoint's balance.

    `balance` as it was at `read_at`; `trouble` is the code of why asking failed at `asked_at`, None if it did not.
    """

    balance: Balance
    read_at: dt.datetime | None
    asked_at: dt.datetime
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Balances:
    """One person's. `errands` asks without anybody waiting."""

    owner: str
    database: Database
    endpoints: Endpoints
    errands: Errands

    def known(self, endpoint: EndpointView) -> Known | None:
        """Return what is known without asking anybody; None where there is nothing to show."""
        return None if endpoint.demo else _known(self._record(endpoint))

    def look(self, endpoint: EndpointView) -> Known | None:
        """Return what is known, and have it asked aside if that is old; what comes is there next time."""
        if endpoint.demo or not endpoint.has_token:
            return None
        record = self._record(endpoint)
        if _due(record):
            self.errands.begin(partial(self._ask_aside, endpoint))
        return _known(record)

    def awaited(self, endpoint: EndpointView) -> bool:
        """Tell whether an endpoint's first answer is on its way; it is asked at the first look."""
        record = self._record(endpoint)
        return record is None or (record.answer is None and not _due(record))

    def ask(self, endpoint: EndpointView) -> bool:
        """Ask now, because somebody clicked; False if that was done only a moment ago, or there is no token.

        What fails is kept as `trouble` and not raised.
        """
        return not endpoint.demo and endpoint.has_token and self._ask(endpoint, BY_HAND_SECONDS)

    def warned(self, endpoint: EndpointView, known: Known, expected: Mapping[str, Decimal]) -> Warned | None:
        """Return a warning when what is left is little beside what is `expected` to be paid; None otherwise."""
        with self.database.reading() as session:
            late = [] if expected else late_costs.of_endpoint(session, self.owner, endpoint.id)
        return warned(known.balance, expected, [Money.of_nano(nano, currency) for nano, currency in late])

    def _ask_aside(self, endpoint: EndpointView) -> None:
        with suppress(DailiesError):  # a database in trouble says so elsewhere
            self._ask(endpoint, AUTO_SECONDS)

    def _record(self, endpoint: EndpointView) -> rows.BalanceRecord | None:
        with self.database.reading() as session:
            record = rows.get(session, self.owner, endpoint.id)
        return record if record is not None and record.base_url == endpoint.base_url else None

    def _ask(self, endpoint: EndpointView, seconds: float) -> bool:
        """Ask if nobody did within so many seconds; the turn is taken before the first question leaves."""
        now = utc_now()
        with self.database.transaction() as session:
            known = rows.get(session, self.owner, endpoint.id)
            mine = rows.take_turn(
                session,
                self.owner,
                endpoint.id,
                base_url=endpoint.base_url,
                now=now,
                not_since=now - dt.timedelta(seconds=seconds),
            )
        if not mine:
            return False
        before = known.figures.get("source") if known and known.figures else None
        try:
            found = self._found(endpoint, before)
            answer = NONE if found is None else TOLD
        except DailiesError as error:
            logger.info("no balance: %s", error.code)
            found, answer = None, error.code
        if self.errands.closing:
            return False
        figures = None if found is None else reading.to_figures(found)
        with self.database.transaction() as session:
            rows.keep(
                session,
                self.owner,
                endpoint.id,
                base_url=endpoint.base_url,
                answer=answer,
                figures={} if answer == NONE else figures,
                at=utc_now(),
            )
        return True

    def _found(self, endpoint: EndpointView, source: str | None) -> Balance | None:
        """Ask where it told last time; the first time new-api's way, which says more, then one-api's."""
        access = self.endpoints.access_to(endpoint)
        if not access.token or access.base_url != endpoint.base_url:
            return None
        asking = _Asking(access.base_url, access.token)
        ways = {"token": asking.of_token, "billing": asking.of_billing}
        order = ("billing", "token") if source == "billing" else ("token", "billing")
        for way in order:
            if (found := ways[way]()) is not None:
                return _redacted(found, Redactor([access.token]))
        if asking.trouble is not None:  # one of the two may have told something, had it answered
            raise asking.trouble
        return None


class _Asking:
    """The questions to one relay. The token goes to its own address only, and with no question that is public."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url
        self._token = token
        self.trouble: EndpointError | None = None

    def of_token(self) -> Balance | None:
        """Ask new-api's way; a redirect is not followed but guessed: the token goes where we say, not it."""
        url = reading.token_url(self._base_url)
        answer = self._answer(url) or self._answer(url.rstrip("/"))
        if answer is None:
            return None
        return reading.from_token(answer, self._answer(reading.status_url(self._base_url), public=True))

    def of_billing(self) -> Balance | None:
        """Ask one-api's way."""
        subscription, usage = reading.billing_urls(self._base_url)
        limit = self._answer(subscription)
        used = None if limit is None else self._answer(usage)
        if limit is None or used is None:
            return None
        if reading.failed(limit) or reading.failed(used):
            self._note(UnclearError("an error with HTTP 200", code="balance_refused", http_status=200))
            return None
        return reading.from_billing(limit, used, self._answer(reading.status_url(self._base_url), public=True))

    def _answer(self, url: str, *, public: bool = False) -> Any:
        """Return an answer's JSON; None where the relay has no such thing, or failed (noted as trouble)."""
        from services.endpoint.transport import get_json  # brings HTTP: a start does without

        if self.trouble is not None and self.trouble.code in _LATER:
            return None
        try:
            return get_json(url, token=None if public else self._token, timeout_seconds=ANSWER_SECONDS)
        except EndpointError as error:
            if not public and error.code not in _ABSENT and error.http_status not in _NOT_HERE:
                self._note(error)
            return None

    def _note(self, error: EndpointError) -> None:
        self.trouble = self.trouble or error


def _known(record: rows.BalanceRecord | None) -> Known | None:
    if record is None or not record.figures:
        return None
    trouble = None if record.answer in (TOLD, None) else record.answer
    return Known(
        balance=reading.of_figures(record.figures), read_at=record.read_at, asked_at=record.asked_at, trouble=trouble
    )


def _due(record: rows.BalanceRecord | None) -> bool:
    """Tell whether an endpoint may be asked by itself; a time to come (the clock was put back) is no reason to wait."""
    if record is None:
        return True
    age = (utc_now() - record.asked_at).total_seconds()
    return not 0 <= age < (NONE_SECONDS if record.answer == NONE else AUTO_SECONDS)


def _redacted(found: Balance, redactor: Redactor) -> Balance:
    """Take the token out of a relay's own words: it may echo it anywhere."""
    models = None if found.models is None else tuple(redactor.text(name) for name in found.models)
    return replace(found, unit=redactor.text(found.unit), models=models)
