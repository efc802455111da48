"""What a relay says is left on a key, read from its answers. Pure: nothing is added to what it said.

Sources: PROTOCOL.md 5.1 (one-api: `/v1/dashboard/billing/*`; new-api: `/api/usage/token` with `/api/status`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from services.endpoint.urls import normalise_base_url

Source = Literal["token", "billing"]

UNLIMITED: Final = Decimal(100_000_000)
"""What one-api answers as the limit of a key that has none."""
USUAL_PER_UNIT: Final = Decimal(500_000)
"""new-api's raw quota of one unit, where the relay does not say."""
MOST_MODELS: Final = 2000
_LONGEST_UNIT: Final = 8
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a relay told. `unit` is blank where it did not say which; `left` and `used` None where it told none.

    `models` are those the key may use; None: any.
    """

    source: Source
    left: Decimal | None
    used: Decimal | None
    unit: str = ""
    unlimited: bool = False
    expires_at: dt.datetime | None = None
    models: tuple[str, ...] | None = None


def billing_urls(base_url: str) -> tuple[str, str]:
    """Return where one-api's limit and use are asked for: beside the paid request, under the same version."""
    beside = f"{normalise_base_url(base_url)}/dashboard/billing"
    return f"{beside}/subscription", f"{beside}/usage"


def token_url(base_url: str) -> str:
    """Return where new-api tells of a key. It is registered with the slash: without it comes a redirect."""
    return f"{_root(base_url)}/api/usage/token/"


def status_url(base_url: str) -> str:
    """Return where new-api tells its units to everybody."""
    return f"{_root(base_url)}/api/status"


def _root(base_url: str) -> str:
    return normalise_base_url(base_url).rpartition("/")[0]


def from_billing(subscription: Any, usage: Any, status: Any = None) -> Balance | None:
    """Read one-api's two answers, which say errors with HTTP 200 too; None if they tell no figure.

    `total_usage` counts hundredths; what is left is the limit less that.
    """
    limit = number(_member(subscription, "hard_limit_usd"))
    hundredths = number(_member(usage, "total_usage"))
    if limit is None or limit < 0 or failed(subscription):
        return None
    used = None if hundredths is None or hundredths < 0 or failed(usage) else hundredths / 100
    unlimited = limit >= UNLIMITED
    return Balance(
        source="billing",
        left=None if unlimited or used is None else limit - used,
        used=used,
        unit=_unit(_data(status)),
        unlimited=unlimited,
        expires_at=_time(_member(subscription, "access_until")),
    )


def from_token(answer: Any, status: Any = None) -> Balance | None:
    """Read new-api's answer about a key, in the unit its site shows (`status`); None if it tells no figure."""
    data = _data(answer)
    available, used = number(data.get("total_available")), number(data.get("total_used"))
    unlimited = data.get("unlimited_quota") is True
    if failed(answer) or (available is None and not unlimited):
        return None
    site = _data(status)
    each = _per_unit(site)
    return Balance(
        source="token",
        left=None if unlimited or available is None else available / each,
        used=None if used is None or used < 0 else used / each,
        unit=_unit(site) if _rate(site) else "",
        unlimited=unlimited,
        expires_at=_time(data.get("expires_at")),
        models=_models(data),
    )


def failed(answer: Any) -> bool:
    """Tell whether an answer that came with HTTP 200 is an error all the same."""
    if not isinstance(answer, Mapping):
        return True
    return bool(answer.get("error")) or answer.get("success") is False or answer.get("code") is False


def number(value: Any) -> Decimal | None:
    """Return a JSON number, or one in quotes, exactly; None for anything else, and for what is not finite.

    >>> number(0.1), number("12.5"), number(True), number("1e999999"), number(None)
    (Decimal('0.1'), Decimal('12.5'), None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        read = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return read if read.is_finite() and abs(read) < Decimal(10) ** 15 and read.adjusted() > -30 else None


def to_figures(balance: Balance) -> dict[str, Any]:
    """Return a balance as it is kept."""
    return {
        "source": balance.source,
        "left": None if balance.left is None else str(balance.left),
        "used": None if balance.used is None else str(balance.used),
        "unit": balance.unit,
        "unlimited": balance.unlimited,
        "expires_at": None if balance.expires_at is None else int(balance.expires_at.timestamp()),
        "models": None if balance.models is None else list(balance.models),
    }


def of_figures(figures: Mapping[str, Any]) -> Balance:
    """Return what `to_figures` kept."""
    models = figures.get("models")
    return Balance(
        source="token" if figures.get("source") == "token" else "billing",
        left=number(figures.get("left")),
        used=number(figures.get("used")),
        unit=str(figures.get("unit") or ""),
        unlimited=bool(figures.get("unlimited")),
        expires_at=_time(figures.get("expires_at")),
        models=None if models is None else tuple(models),
    )


def _member(answer: Any, name: str) -> Any:
    return answer.get(name) if isinstance(answer, Mapping) else None


def _data(answer: Any) -> Mapping[str, Any]:
    data = _member(answer, "data")
    return data if isinstance(data, Mapping) and not failed(answer) else {}


def _unit(site: Mapping[str, Any]) -> str:
    """Return the unit a site shows its figures in; blank where it does not say."""
    kind = str(site.get("quota_display_type") or "").strip().upper()
    if not kind and isinstance(site.get("display_in_currency"), bool):  # before there was a choice of currencies
        kind = "USD" if site["display_in_currency"] else "TOKENS"
    if kind == "CUSTOM":
        symbol = str(site.get("custom_currency_symbol") or "").strip()
        return symbol if symbol.isprintable() and len(symbol) <= _LONGEST_UNIT else ""
    return {"USD": "USD", "CNY": "CNY", "TOKENS": "quota"}.get(kind, "")


def _per_unit(site: Mapping[str, Any]) -> Decimal:
    """Return how much raw quota is one of the units the site shows."""
    if _unit(site) == "quota":
        return Decimal(1)
    return (_positive(site.get("quota_per_unit")) or USUAL_PER_UNIT) / (_rate(site) or Decimal(1))


def _rate(site: Mapping[str, Any]) -> Decimal | None:
    """Return how many of the shown units the site makes of one of its own; None where it does not say."""
    kind = str(site.get("quota_display_type") or "").strip().upper()
    rates = {"CNY": "usd_exchange_rate", "CUSTOM": "custom_currency_exchange_rate"}
    return _positive(site.get(rates[kind])) if kind in rates else Decimal(1)


def _positive(value: Any) -> Decimal | None:
    read = number(value)
    return read if read is not None and read > 0 else None


def _models(data: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the models a key is limited to: an object with their names as keys, or a list; None: it is not limited."""
    named = data.get("model_limits")
    if data.get("model_limits_enabled") is not True or not isinstance(named, (Mapping, list)):
        return None
    allowed = [name for name, may in named.items() if may is not False] if isinstance(named, Mapping) else named
    names = (name for name in allowed if isinstance(name, str) and name.isprintable() and len(name) <= _LONGEST_NAME)
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))[:MOST_MODELS]


def _time(value: Any) -> dt.datetime | None:
    """Return a Unix time in seconds; 0 and -1 mean "never"."""
    read = number(value)
    if read is None or not 0 < read < 253_402_300_800:
        return None
    return dt.datetime.fromtimestamp(int(read), dt.UTC)
