"""Night shifts in plain words: when, how far, why it ended, what it came to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Final

from pages.shared.errors import happened
from pages.shared.i18n import N_, ngettext, together
from pages.shared.i18n import gettext as _
from pages.shared.money_words import nanos_said
from pages.shared.words import LABELS, OUTCOMES, tokens
from pages.shared.zone import offset_minutes
from services.nights.rules import may_cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.nights import Night, Part
    from services.nights.planning import Standing

REASONS: Final = {
    "done": N_("All of them were sent."),
    "stopped": N_("You stopped it."),
    "sent": N_("It stopped at your limit of prompts."),
    "tokens": N_("It stopped at your limit of tokens."),
    "tokens_unknown": N_("An answer named no tokens, so your limit could not be kept: it stopped."),
    "failures": N_("Three in a row failed in the same way, so it stopped."),
    "hours": N_("The hours were over before all were sent."),
}


def span(from_at: dt.datetime, until_at: dt.datetime) -> str:
    """Return the hours of a night by the viewer's clock: 2026-03-01 22:00 – 06:00."""
    ahead = dt.timedelta(minutes=offset_minutes())
    return f"{from_at + ahead:%Y-%m-%d %H:%M} – {until_at + ahead:%H:%M}"


def costs(parts: Sequence[Part]) -> str:
    """Return what a night has cost: what is sure and what may be as one sum, what nobody knows counted apart."""
    if all(part.demo for part in parts):
        return _("free")
    spent = [part for part in parts if may_cost(part)]
    sums: Counter[str] = Counter()
    for part in spent:
        if part.cost_nano is not None:
            sums[part.cost_currency or ""] += part.cost_nano
    unknown = sum(part.cost_nano is None for part in spent)
    more = ngettext("{count} with unknown cost", "{count} with unknown cost", unknown).format(count=unknown)
    said = [nanos_said(sums), more if unknown else ""]
    return " + ".join(filter(None, said)) or _("not charged")


def how_far(standing: Standing) -> str:
    """Return how far a night has come."""
    said = _("{sent} of {all} sent.").format(sent=standing.bill.sent, all=standing.night.prompts)
    if standing.night.state == "open":
        return said
    return together(said, _(REASONS[standing.night.reason or "done"]))


def caps(night: Night) -> str:
    """Return what stops a night before all is sent."""
    said = [ngettext("At most {count} prompt.", "At most {count} prompts.", night.most_sent)]
    if night.most_tokens is not None:
        said.append(_("Stops at {tokens} tokens.").format(tokens=tokens(night.most_tokens)))
    return together(*said).format(count=night.most_sent)


def tokens_said(standing: Standing) -> str:
    """Return the tokens a night has come to; those not named are counted apart, never as 0."""
    owed = standing.bill
    named = owed.sent > 0 and (owed.tokens > 0 or not owed.unknown)
    said = tokens(owed.tokens if named else None)
    if not owed.unknown:
        return said
    return (
        said
        + " · "
        + ngettext("{count} answer named none", "{count} answers named none", owed.unknown).format(count=owed.unknown)
    )


def why_failed(reason: str) -> str:
    """Return what went wrong, from `services.nights.rules.failure`."""
    kind, _colon, code = reason.partition(":")
    if kind == "done":
        return _(OUTCOMES[code]) if code in OUTCOMES else _(OUTCOMES["none"])
    return happened(code, upstream=kind != "unsaved") if code else _(LABELS[kind])
