"""How usage is drawn: three figures, one chart, one table. No pandas anywhere (STREAMLIT 5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.plain import plain, shortened
from pages.shared.words import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.generations.enhancer import Used
    from services.usage import UsageRow


def totals(rows: Sequence[UsageRow]) -> None:
    """Show generations, tokens, and how many answers told no figure."""
    with st.container(horizontal=True):
        st.metric(_("Generations"), f"{sum(row.generations for row in rows):,}")
        st.metric(_("Tokens"), f"{sum(row.total_tokens or 0 for row in rows):,}")
        st.metric(
            _("Without figures"),
            f"{sum(row.unknown for row in rows):,}",
            help=_("Answers whose endpoint told no token count. They are not counted as 0."),
        )


def by_day_chart(rows: Sequence[UsageRow], days: int) -> None:
    """Draw tokens by day, one colour a model."""
    last = max(max(row.day for row in rows), dt.datetime.now(dt.UTC).date())
    calendar = [last - dt.timedelta(days=back) for back in range(days - 1, -1, -1)]
    models = sorted({row.model for row in rows})
    counts: dict[tuple[str, dt.date], int] = defaultdict(int)
    for row in rows:
        counts[row.model, row.day] += row.total_tokens or 0
    series = [
        {"name": shortened(model, 40), "type": "bar", "stack": "all", "data": [counts[model, day] for day in calendar]}
        for model in models
    ]
    spec = {
        "xAxis": {"type": "category", "data": [day.strftime("%m-%d") for day in calendar]},
        "yAxis": {"type": "value"},
        "legend": {},
        "tooltip": {"trigger": "axis"},
        "series": series,
    }
    st.echarts_chart(spec, height=300, renderer="svg", alt=_("Tokens by day and model"), key="usage-chart")


def by_model_table(rows: Sequence[UsageRow]) -> None:
    """List the sums of each model."""
    heads = [_("Model"), _("Made"), _("Tokens (prompt + answer)"), _("Without figures")]  # four fit on a phone
    lines = ["| " + " | ".join(heads) + " |", "|:--|--:|--:|--:|"]
    for model in sorted({row.model for row in rows}):
        of = [row for row in rows if row.model == model]
        cells = (plain(model, 60), f"{sum(row.generations for row in of):,}", _tokens_of(of))
        lines.append("| " + " | ".join(cells) + f" | {sum(row.unknown for row in of):,} |")
    st.markdown("\n".join(lines))


def rewrites(used: Used) -> None:
    """Say what chat models used for rewriting prompts: apart from videos, unknown told as unknown."""
    if used.asked:
        st.caption(
            _(
                "Rewrites by chat models: {count}, tokens: {tokens} ({unknown} told none). Not in the figures above."
            ).format(count=f"{used.asked:,}", tokens=tokens(used.total_tokens), unknown=f"{used.unknown:,}")
        )


def _tokens_of(rows: Sequence[UsageRow]) -> str:
    """Return "total (prompt + answer)"; where no answer told a figure it is unknown, not 0."""
    total = [row.total_tokens for row in rows if row.total_tokens is not None]
    prompt, said = (
        [count for row in rows if (count := getattr(row, name)) is not None]
        for name in ("prompt_tokens", "completion_tokens")
    )
    if not total:
        return _("unknown")
    return f"{sum(total):,} ({sum(prompt):,} + {sum(said):,})" if prompt and said else f"{sum(total):,}"
