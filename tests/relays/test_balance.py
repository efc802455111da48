"""What is left, as each relay tells it: its own figures and units, asked seldom, never invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from db import balances as rows
from db.database import Database
from db.prices import freeze
from db.records import Cost
from services.clock import utc_now
from services.endpoint.balance import Balance, from_billing, from_token, of_figures, to_figures
from services.endpoint.views import EndpointView
from services.errors import EndpointSettingsError
from services.runtime import ForPerson, Runtime
from tests.relays.account import STATUS, SUBSCRIPTION, TOKEN, USAGE, AccountServer
from tests.waiting import wait_until

KEY = "sk-canary-0123456789"
ONE_API = {"object": "billing_subscription", "has_payment_method": True, "hard_limit_usd": 12.5, "access_until": 0}
SPENT = {"object": "list", "total_usage": 310.25}
NEW_API: dict[str, Any] = {
    "code": True,
    "message": "ok",
    "data": {
        "name": "mine",
        "total_granted": 1_500_000,
        "total_used": 250_000,
        "total_available": 1_250_000,
        "unlimited_quota": False,
        "model_limits": {"sora-2": True, "veo-3.1": True},
        "model_limits_enabled": True,
        "expires_at": 1_900_000_000,
    },
}
SITE = {"success": True, "data": {"quota_per_unit": 500_000, "quota_display_type": "USD", "usd_exchange_rate": 7.3}}


def at(me: ForPerson, account: AccountServer) -> EndpointView:
    return me.endpoints.save(None, name="relay", base_url=account.base_url, token=KEY, model="sora-2")


def told(me: ForPerson, endpoint: EndpointView) -> Balance:
    assert me.balances.ask(endpoint)
    known = me.balances.known(endpoint)
    assert known is not None
    assert known.trouble is None
    return known.balance


def test_one_api_tells_limit_and_hundredths_and_no_unit(me: ForPerson, account: AccountServer) -> None:
    account.says(SUBSCRIPTION, ONE_API)
    account.says(USAGE, SPENT)
    found = told(me, at(me, account))
    assert (found.left, found.used, found.unit) == (Decimal("9.3975"), Decimal("3.1025"), "")
    assert not found.unlimited
    assert found.models is None


def test_new_api_tells_a_keys_quota_in_the_unit_its_site_shows(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, NEW_API)
    account.says(STATUS, SITE)
    found = told(me, at(me, account))
    assert (found.left, found.used, found.unit) == (Decimal("2.5"), Decimal("0.5"), "USD")
    assert found.models == ("sora-2", "veo-3.1")
    assert found.expires_at == dt.datetime.fromtimestamp(1_900_000_000, dt.UTC)


@pytest.mark.parametrize(
    ("site", "left", "unit"),
    [
        ({"quota_per_unit": 500_000, "quota_display_type": "CNY", "usd_exchange_rate": 7.3}, "18.25", "CNY"),
        ({"quota_per_unit": 500_000, "quota_display_type": "CNY"}, "2.5", ""),  # a rate nobody told is not made up
        ({"quota_per_unit": 500_000, "quota_display_type": "TOKENS"}, "1250000", "quota"),
        ({"quota_per_unit": 100_000, "display_in_currency": True}, "12.5", "USD"),
        ({"quota_display_type": "CUSTOM", "custom_currency_symbol": "T", "custom_currency_exchange_rate": 2}, "5", "T"),
        ({"quota_per_unit": 0, "quota_display_type": "SHELLS"}, "2.5", ""),
        ({}, "2.5", ""),
    ],
)
def test_the_unit_is_the_sites_or_none(site: dict[str, Any], left: str, unit: str) -> None:
    found = from_token(NEW_API, {"success": True, "data": site})
    assert found is not None
    assert (found.left, found.unit) == (Decimal(left), unit)


def test_what_has_no_limit_has_nothing_left_to_tell() -> None:
    billing = from_billing({"hard_limit_usd": 100_000_000}, SPENT)
    token = from_token({"data": NEW_API["data"] | {"unlimited_quota": True}})
    assert billing is not None
    assert token is not None
    assert (billing.unlimited, billing.left, billing.used) == (True, None, Decimal("3.1025"))
    assert (token.unlimited, token.left) == (True, None)


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"message": "invalid token", "type": "one_api_error"}},
        {"hard_limit_usd": None},
        {"hard_limit_usd": "lots"},
        {"hard_limit_usd": -1},
        {"hard_limit_usd": True},
        {"hard_limit_usd": 1e300},
        [],
        "no",
        None,
    ],
)
def test_no_figure_is_made_of_what_is_none(answer: Any) -> None:
    assert from_billing(answer, SPENT) is None
    assert from_token({"code": False, "data": {"total_available": 5}}) is None
    assert from_token({"data": answer}) is None


def test_a_balance_is_kept_as_it_was_told() -> None:
    found = from_token(NEW_API, SITE)
    assert found is not None
    assert of_figures(to_figures(found)) == found


def test_an_error_in_http_200_is_no_balance(me: ForPerson, account: AccountServer) -> None:
    account.says(SUBSCRIPTION, {"error": {"message": f"bad key {KEY}", "type": "upstream_error"}})
    account.says(USAGE, {"error": {"message": "bad key"}})
    endpoint = at(me, account)
    assert me.balances.ask(endpoint)
    assert me.balances.known(endpoint) is None


def test_a_failure_leaves_what_was_told_before_and_says_so(
    me: ForPerson, account: AccountServer, run: Callable[..., Runtime]
) -> None:
    account.says(SUBSCRIPTION, ONE_API)
    account.says(USAGE, SPENT)
    endpoint = at(me, account)
    told(me, endpoint)
    account.says(SUBSCRIPTION, "oops", status=500, kind="text/plain")
    make_old(me, endpoint, seconds=3600)
    assert me.balances.ask(endpoint)
    known = me.balances.known(endpoint)
    assert known is not None
    assert (known.balance.left, known.trouble) == (Decimal("9.3975"), "upstream_error")
    assert known.read_at is not None
    assert known.read_at < known.asked_at


def test_a_page_or_nothing_instead_of_a_balance_hides_it(me: ForPerson, account: AccountServer) -> None:
    for path in (TOKEN, SUBSCRIPTION, USAGE):
        account.says(path, "<!doctype html><title>Relay</title>", kind="text/html")
    endpoint = at(me, account)
    assert me.balances.ask(endpoint)
    assert me.balances.known(endpoint) is None
    asked = len(account.asked)
    make_old(me, endpoint, seconds=3600)
    assert me.balances.look(endpoint) is None  # it has none: not asked again by itself for a day
    assert len(account.asked) == asked


def test_it_is_asked_again_seldom_however_often_one_looks(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, NEW_API)
    account.says(STATUS, SITE)
    endpoint = at(me, account)
    assert me.balances.look(endpoint) is None
    wait_until(lambda: me.balances.known(endpoint) is not None)
    for _ in range(20):
        assert me.balances.look(endpoint) is not None
        assert not me.balances.ask(endpoint)
    assert account.paths == [TOKEN, STATUS]
    make_old(me, endpoint, seconds=200)
    assert me.balances.ask(endpoint)  # by a click after three minutes; by itself after ten
    assert account.paths.count(TOKEN) == 2


def test_the_token_goes_to_its_own_address_only(me: ForPerson, account: AccountServer) -> None:
    with AccountServer() as elsewhere:
        account.says(TOKEN, "", status=301, location=f"{elsewhere.base_url}/api/usage/token")
        account.says(TOKEN.rstrip("/"), "", status=302, location=elsewhere.base_url)
        account.says(SUBSCRIPTION, "", status=307, location=f"{elsewhere.base_url}{SUBSCRIPTION}")
        endpoint = at(me, account)
        assert me.balances.ask(endpoint)
        assert elsewhere.asked == []
    assert me.balances.known(endpoint) is None
    assert account.asked
    assert {header for path, header in account.asked if path != STATUS} == {f"Bearer {KEY}"}
    assert {header for path, header in account.asked if path == STATUS} <= {None}


def test_a_relay_that_registers_the_other_slash_is_understood(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, "", status=301, location="/api/usage/token")
    account.says(TOKEN.rstrip("/"), NEW_API)
    assert told(me, at(me, account)).left == Decimal("2.5")


def test_a_token_echoed_in_the_answer_is_not_kept(me: ForPerson, account: AccountServer) -> None:
    data = NEW_API["data"] | {"model_limits": {KEY: True, "sora-2": True}}
    account.says(TOKEN, {"code": True, "data": data})
    assert KEY not in str(told(me, at(me, account)))


def test_another_token_or_address_is_another_account(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, NEW_API)
    endpoint = at(me, account)
    told(me, endpoint)
    same = me.endpoints.save(endpoint.id, name="relay", base_url=account.base_url, model="sora-2")
    assert me.balances.known(same) is not None
    other = me.endpoints.save(endpoint.id, name="relay", base_url=account.base_url, token="sk-other", model="sora-2")
    assert me.balances.known(other) is None
    assert told(me, other).left == Decimal("2.5")  # at once: it is another one that is asked
    moved = me.endpoints.save(endpoint.id, name="relay", base_url="http://127.0.0.1:9", model="sora-2")
    assert me.balances.known(moved) is None


def test_the_demo_and_what_has_no_token_are_never_asked(me: ForPerson, account: AccountServer) -> None:
    bare = me.endpoints.save(None, name="bare", base_url=account.base_url, model="sora-2")
    for endpoint in (bare, me.endpoints.get("demo")):
        assert me.balances.look(endpoint) is None
        assert not me.balances.ask(endpoint)
    assert account.asked == []


def test_a_silent_relay_is_asked_one_thing_only(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, NEW_API, delay=9.0)
    endpoint = at(me, account)
    assert me.balances.ask(endpoint)
    assert me.balances.known(endpoint) is None
    assert account.paths == [TOKEN]


def test_one_of_two_processes_asks(database: Database) -> None:
    now = utc_now()
    turn: dict[str, Any] = {"base_url": "http://a/v1", "now": now, "not_since": now - dt.timedelta(seconds=600)}
    with database.transaction() as session:
        assert rows.take_turn(session, "local", "e", **turn)
    with database.transaction() as session:
        assert not rows.take_turn(session, "local", "e", **turn)
        assert rows.take_turn(session, "another", "e", **turn)
        assert rows.take_turn(session, "local", "e", **turn | {"base_url": "http://b/v1"})
        assert not rows.keep(session, "local", "e", base_url="http://a/v1", answer="told", figures={}, at=now)
        assert rows.keep(session, "local", "e", base_url="http://b/v1", answer="told", figures={"left": "1"}, at=now)
    later = now - dt.timedelta(seconds=60)  # the clock was put back: that must not silence it
    with database.transaction() as session:
        put_back: dict[str, Any] = {
            "base_url": "http://b/v1",
            "now": later,
            "not_since": later - dt.timedelta(seconds=600),
        }
        assert rows.take_turn(session, "local", "e", **put_back)


def test_requests_per_minute_must_be_a_number_of_some(me: ForPerson, account: AccountServer) -> None:
    with pytest.raises(EndpointSettingsError):
        me.endpoints.save(None, name="r", base_url=account.base_url, model="m", per_minute=0)


def make_old(me: ForPerson, endpoint: EndpointView, *, seconds: float) -> None:
    """Let so much time have gone by since it was asked."""
    with me.balances.database.transaction() as session:
        known = rows.get(session, "local", endpoint.id)
        assert known is not None
        rows.forget(session, "local", endpoint.id)
        long_ago = known.asked_at - dt.timedelta(seconds=seconds)
        rows.take_turn(session, "local", endpoint.id, base_url=known.base_url, now=long_ago, not_since=long_ago)
        told_at = None if known.read_at is None else known.read_at - dt.timedelta(seconds=seconds)
        rows.keep(
            session,
            "local",
            endpoint.id,
            base_url=known.base_url,
            answer=known.answer or "",
            figures=known.figures,
            at=told_at,
        )


def test_the_last_costs_warn_where_no_price_is_known(me: ForPerson, account: AccountServer) -> None:
    account.says(TOKEN, NEW_API)
    account.says(STATUS, SITE)
    endpoint = at(me, account)
    told(me, endpoint)
    known = me.balances.known(endpoint)
    assert known is not None
    assert me.balances.warned(endpoint, known, {}) is None
    me.endpoints.choose(endpoint.id)
    sent = me.generations.submit("it was dear", nonce="n")
    me.generations.cancel(sent.id)
    cost = Cost(cost_nano=1_000_000_000, cost_currency="USD", cost_rule={}, priced_at=utc_now())
    with me.balances.database.transaction() as session:
        assert freeze(session, sent.seq, cost)
    found = me.balances.warned(endpoint, known, {})
    assert found is not None
    assert (found.more, found.expected) == (2, False)
    elsewhere = me.endpoints.save(None, name="other", base_url=account.base_url, token=KEY, model="sora-2")
    assert me.balances.warned(elsewhere, known, {}) is None
    assert me.balances.warned(endpoint, known, {"USD": Decimal("0.1")}) is None  # what is expected goes before
