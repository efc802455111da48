"""The one chart of the Usage page: money, tokens or prompts by day or month. No pandas anywhere (STREAMLIT 5)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import shortened
from services.usage.figures import NANO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.usage import Span, UsageSum

SHOWN_MODELS: Final = 5
TOKENS, PROMPTS = "tokens", "prompts"


def over_time(span: Span, used: Sequence[UsageSum]) -> None:
    """Draw what the reader chooses: the money of one currency, tokens, or prompts."""
    currencies = _currencies(used)
    names = {**{one: _("Cost in {currency}").format(currency=one) for one in currencies}}
    names |= {TOKENS: _("Tokens"), PROMPTS: _("Prompts")}
    shown = st.segmented_control(
        _("What the chart shows"),
        list(names),
        default=next(iter(names)),
        format_func=names.__getitem__,
        key="usage-shown",
        required=True,
        label_visibility="collapsed",
    )
    what = shown if shown in names else next(iter(names))
    series = _money(span, used, what) if what in currencies else _by_model(span, used, what)
    _draw(span, series, names[what])


def _currencies(used: Sequence[UsageSum]) -> list[str]:
    """Return the currencies, the one that most prompts were paid in first."""
    prompts: dict[str, int] = defaultdict(int)
    for one in used:
        prompts[one.line.currency] += one.generations
    return sorted((each for each in prompts if each), key=lambda each: (-prompts[each], each))


def _money(span: Span, used: Sequence[UsageSum], currency: str) -> dict[str, list[float]]:
    said = {"sure": _("Charged"), "maybe": _("Maybe charged")}
    mine = [one for one in used if one.line.currency == currency]
    return _added(
        span, mine, lambda one: said[one.line.certainty], lambda one: float(one.cost_nano / NANO), list(said.values())
    )


def _by_model(span: Span, used: Sequence[UsageSum], what: str) -> dict[str, list[float]]:
    """Stack the models that were used most; the others are one."""

    def count(one: UsageSum) -> float:
        return one.total_tokens if what == TOKENS else one.generations

    sizes: dict[str, float] = defaultdict(float)
    for one in used:
        sizes[one.line.model] += count(one)
    first = sorted(sizes, key=lambda model: (-sizes[model], model))
    most = first[: SHOWN_MODELS if len(first) > SHOWN_MODELS + 1 else None]
    others = _("Other models")
    order = [shortened(model, 40) for model in most] + ([others] if len(most) < len(first) else [])
    return _added(
        span, used, lambda one: shortened(one.line.model, 40) if one.line.model in most else others, count, order
    )


def _added(
    span: Span,
    used: Sequence[UsageSum],
    name: Callable[[UsageSum], str],
    count: Callable[[UsageSum], float],
    order: Sequence[str],
) -> dict[str, list[float]]:
    series = {each: [0.0] * len(span.days) for each in order}
    for one in used:
        series[name(one)][one.bucket] += count(one)
    return {each: numbers for each, numbers in series.items() if any(numbers)}


def _draw(span: Span, series: dict[str, list[float]], title: str) -> None:
    pattern = "%Y-%m" if span.by_month else "%m-%d"
    spec: dict[str, Any] = {
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "category", "data": [day.strftime(pattern) for day in span.days]},
        "yAxis": {"type": "value"},
        "legend": {"bottom": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "series": [
            {"name": name, "type": "bar", "stack": "all", "barMaxWidth": 36, "data": [round(one, 9) for one in numbers]}
            for name, numbers in series.items()
        ],
    }
    told = _("{title} by month") if span.by_month else _("{title} by day")
    st.echarts_chart(spec, height=300, renderer="svg", alt=told.format(title=title), key="usage-chart")
