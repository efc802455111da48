"""The one chart of the Usage page: money, tokens or prompts by day or month. No pandas anywhere (STREAMLIT 5)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import shortened
from services.usage.figures import NANO, counts
from services.usage.reading import MODEL_BY, TOLD_BY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from services.usage.reading import Span, Usage, UsageSum

    Series: TypeAlias = Mapping[str, Sequence[float]]

SHOWN_MODELS: Final = 5
TOKENS, PROMPTS = "tokens", "prompts"


def over_time(usage: Usage, span: Span, used: Sequence[UsageSum], daily: Sequence[UsageSum]) -> None:
    """Draw what the reader chooses: the money of one currency, tokens, or prompts.

    Args:
        usage: where to ask.
        span: the days or months.
        used: the sums of all the time.
        daily: those of each day where they were asked for already; money is not asked for twice then.
    """
    currencies = _currencies(used)
    names = {**{one: _("Cost in {currency}").format(currency=one) for one in currencies}}
    if any(one.total_told for one in used):  # or it would draw nothing, as if that were none
        names[TOKENS] = _("Tokens")
    names[PROMPTS] = _("Prompts")
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
    money = what in currencies
    series = _money(usage, span, used, daily, what) if money else _by_model(usage, span, used, what)
    _draw(span, series, names[what], whole=not money)


def _currencies(used: Sequence[UsageSum]) -> list[str]:
    """Return the currencies, the one that most prompts were paid in first."""
    prompts: dict[str, int] = defaultdict(int)
    for one in used:
        prompts[one.line.currency] += one.generations
    return sorted((each for each in prompts if each), key=lambda each: (-prompts[each], each))


def _money(usage: Usage, span: Span, used: Sequence[UsageSum], daily: Sequence[UsageSum], currency: str) -> Series:
    said = {"sure": _("Charged"), "maybe": _("Maybe charged")}
    if daily:
        went = {name: [0] * len(span.days) for name in said.values()}
        for one in daily:
            if counts(one) and one.line.currency == currency:
                went[said[one.line.certainty]][one.bucket] += one.cost_nano
    else:
        lines = {one.line: said[one.line.certainty] for one in used if one.line.currency == currency}
        went = usage.course(span, lines, "cost_nano", by=TOLD_BY)
    return {name: [float(nano / NANO) for nano in went[name]] for name in said.values() if any(went.get(name, ()))}


def _by_model(usage: Usage, span: Span, used: Sequence[UsageSum], what: str) -> Series:
    """Stack the models that were used most; the others are one."""
    sizes: dict[str, int] = defaultdict(int)
    for one in used:
        sizes[one.line.model] += one.total_tokens if what == TOKENS else one.generations
    first = sorted(sizes, key=lambda model: (-sizes[model], model))
    most = first[: SHOWN_MODELS if len(first) > SHOWN_MODELS + 1 else None]
    others = _("Other models")
    names = {model: shortened(model, 40) if model in most else others for model in first}
    lines = {one.line: names[one.line.model] for one in used}
    went = usage.course(span, lines, "total_tokens" if what == TOKENS else "generations", by=MODEL_BY)
    return {name: went[name] for name in dict.fromkeys(names.values()) if any(went[name])}


def _draw(span: Span, series: Series, title: str, *, whole: bool) -> None:
    """Draw it; `whole`: there is no half of what is counted."""
    pattern = "%Y-%m" if span.by_month else "%m-%d"
    spec: dict[str, Any] = {
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "category", "data": [day.strftime(pattern) for day in span.days]},
        "yAxis": {"type": "value", "minInterval": 1 if whole else 0},
        "legend": {"bottom": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "series": [
            {"name": name, "type": "bar", "stack": "all", "barMaxWidth": 36, "data": [round(one, 9) for one in numbers]}
            for name, numbers in series.items()
        ],
    }
    told = _("{title} by month") if span.by_month else _("{title} by day")
    st.echarts_chart(spec, height=300, renderer="svg", alt=told.format(title=title), key="usage-chart")
