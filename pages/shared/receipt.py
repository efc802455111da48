"""The receipt of one generation: when what happened, what it was expected to cost, what it cost and by which rule."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.money_words import estimate_said, money_said, nano_said
from pages.shared.plain import plain
from pages.shared.price_words import figure, model_said, rule_said
from pages.shared.words import UNFINISHED, clock, moment, money
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.generations import Generation

_NANO: Final = Decimal(1_000_000_000)
MISSING: Final = {
    "price": N_("The rule says that this price is unknown."),
    "seconds": N_("Charged by the second, and no length is known yet: no video of it is kept."),
    "tokens": N_("Charged by the token, and the endpoint named no tokens."),
    "too_large": N_("More than can be kept: look at the price."),
}


def receipt(generation: Generation) -> None:
    """Show the time line, the money and the usage as it was reported; what is not known is called unknown."""
    st.header(_("Receipt"), anchor=False)
    with st.container(key="receipt"):
        _table(_("When"), _time_line(generation))
        _table(_("Money"), _money(generation))
        st.caption(money(generation))
        if generation.usage:
            with st.expander(_("The usage, as the endpoint reported it"), icon=":material/data_object:"):
                st.code(json.dumps(generation.usage, indent=2, ensure_ascii=False), language="json")
        elif generation.state not in UNFINISHED:
            st.caption(_("The endpoint reported no usage."))


def _table(name: str, rows: list[tuple[str, str]]) -> None:
    lines = [f"| {what} | {said} |" for what, said in rows]
    st.markdown("\n".join([f"| {name} | |", "|:--|:--|", *lines]))


def _time_line(generation: Generation) -> list[tuple[str, str]]:
    steps: list[tuple[str, dt.datetime | None]] = [
        (_("Written down"), generation.created_at),
        (_("Sent"), generation.sent_at),
        (_("First byte of the answer"), generation.first_byte_at),
        *((_("Link of the video found"), video.created_at) for video in generation.videos),
        (_("Answer ended"), generation.ended_at),
        *((_("Video saved here"), video.kept_at) for video in generation.videos if video.kept_at),
    ]
    known = sorted(((what, at) for what, at in steps if at is not None), key=lambda step: step[1])
    offset, since = offset_minutes(), generation.sent_at
    return [(what, _at(at, since, offset)) for what, at in known]


def _at(at: dt.datetime, since: dt.datetime | None, offset: int) -> str:
    told = f"{moment(at, offset)}:{at:%S}"
    if since is None or at <= since:
        return told
    return f"{told} · " + _("{time} after it was sent").format(time=clock((at - since).total_seconds()))


def _money(generation: Generation) -> list[tuple[str, str]]:
    rows = [(_("Expected before"), estimate_said(generation))]
    if generation.demo or generation.state in UNFINISHED:
        return rows
    told = generation.cost_rule
    rows.append((_("What it cost"), _cost(generation)))
    if told is None:
        return rows
    rows.append((_("Rule"), rule_said(told["rule"]) + f" · {model_said(str(told['rule']['model']))}"))
    rows.append((_("Arithmetic"), _arithmetic(told)))
    if compared := _compared(generation):
        rows.append((_("Against what was expected"), compared))
    if generation.priced_at:
        rows.append((_("Computed"), moment(generation.priced_at, offset_minutes())))
    return rows


def _cost(generation: Generation) -> str:
    if generation.cost_rule is None and generation.cost_nano is None:
        return _("unknown: no price was set for this model then")
    return nano_said(generation.cost_nano, generation.cost_currency)


def _arithmetic(told: dict[str, Any]) -> str:
    """Return how the amount came about, in figures."""
    if told["missing"]:
        return _(MISSING[told["missing"]])
    rule, exact = told["rule"], f"{figure(told['exact'])} {plain(str(told['rule']['currency']), 8)}"
    if rule["basis"] == "per_second":
        of = _("asked for") if told.get("seconds_of") == "asked" else _("of the saved video")
        seconds = _("{seconds} s").format(seconds=told["seconds"])
        return f"{seconds} ({of}) × {figure(rule['price'])} = {exact}"
    if rule["basis"] == "per_token":
        if told.get("total_tokens") is not None:
            return f"{told['total_tokens']:,} × {figure(rule['price'])} / 1,000,000 = {exact}"
        asked = f"{told['prompt_tokens']:,} × {figure(rule['price'])}"
        answered = f"{told['completion_tokens']:,} × {figure(rule['completion_price'])}"
        return f"({asked} + {answered}) / 1,000,000 = {exact}"
    return f"1 × {figure(rule['price'])} = {exact}"


def _compared(generation: Generation) -> str:
    """Return how the cost stands to the estimate; nothing where one is unknown or the currencies differ."""
    cost, before = generation.cost_nano, generation.estimate_nano
    if cost is None or before is None or generation.cost_currency != generation.estimate_currency:
        return ""
    if cost == before:
        return _("as expected")
    amount = money_said(abs(cost - before) / _NANO, generation.cost_currency or "")
    return (_("{amount} more") if cost > before else _("{amount} less")).format(amount=amount)
