"""The figures at the head of the Usage page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext, together
from pages.shared.money_words import money_said, sums_said
from pages.shared.words import tokens
from services.usage.figures import Paid, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.generations.enhancer import Used
    from services.usage.figures import Figures
    from services.usage.reading import UsageSum


def totals(used: Sequence[UsageSum], *, unfinished: int) -> None:
    """Show what was charged, what may have been, what nobody knows, and the tokens with those that were not told."""
    told = figures(used)
    with st.container(horizontal=True, key="usage-money"):
        _money(_("Charged"), told.sure, _("Finished answers, and what you said was charged."))
        _money(_("Maybe charged"), told.maybe, _("Failed, unclear, cut short or cancelled after it was sent."))
        unknown = told.sure.unknown + told.maybe.unknown
        st.metric(
            _("Price unknown"),
            f"{unknown:,}",
            help=_("Prompts that cost or may have cost something, and no price is known. They are not counted as 0."),
        )
    with st.container(horizontal=True, key="usage-tokens"):
        st.metric(_("Prompts sent"), f"{told.generations:,}")
        st.metric(_("Cost nothing"), f"{told.free:,}", help=_("Refused before any work, or not charged as you said."))
        st.metric(_("Tokens"), tokens(told.total.count), help=_parts(told))
        st.metric(
            _("Told no tokens"),
            f"{told.total.missing:,}",
            help=_("Answers whose endpoint told no token count. They are not counted as 0."),
        )
        st.metric(_("Videos kept"), f"{told.videos:,}", help=_("Outside the trash."))
    notes = [_("Tokens are not the price: many endpoints bill a video by the call or by the second.")]
    if unfinished:
        notes.append(
            ngettext(
                "{count} prompt is on its way; it counts when it ends.",
                "{count} prompts are on their way; they count when they end.",
                unfinished,
            ).format(count=f"{unfinished:,}")
        )
    st.caption(together(*notes))


def _money(label: str, money: Paid, help_: str) -> None:
    """Show the known sums, each currency by itself; where none is known it is unknown, not 0."""
    sums = list(money.amounts.items())
    if not sums:
        st.metric(label, _("unknown") if money.unknown else "–", help=help_)
    for currency, value in sums:
        st.metric(label, money_said(value, currency), help=help_)


def _parts(told: Figures) -> str:
    """Tell prompt and answer apart, each with how many did not tell it."""
    return _("Prompt: {prompt} ({prompt_missing} told none). Answer: {answer} ({answer_missing} told none).").format(
        prompt=tokens(told.prompt.count),
        prompt_missing=f"{told.prompt.missing:,}",
        answer=tokens(told.completion.count),
        answer_missing=f"{told.completion.missing:,}",
    )


def for_each(used: Sequence[UsageSum]) -> None:
    """Show what one kept video and one keeper took: all that was surely paid, failures too, shared by them."""
    told = figures(used)
    if not told.videos and not told.keepers:
        return
    with st.container(horizontal=True, key="usage-each"):
        _one(_("For one kept video"), told, told.videos)
        _one(_("For one keeper"), told, told.keepers)
    sentences = [_("All that was surely charged, shared by what you kept. A keeper is a favourite or has 4 stars.")]
    if told.sure.unknown:
        sentences.append(_("Some prices are unknown, so it is more than that."))
    st.caption(together(*sentences))


def _one(label: str, told: Figures, count: int) -> None:
    each = told.sure.each(count)
    if not each:
        st.metric(label, _("unknown") if count else "–")
    for currency, value in each.items():
        more = money_said(told.maybe.amounts.get(currency, Decimal(0)) / count, currency)
        st.metric(label, money_said(value, currency), help=_("And perhaps {more} each.").format(more=more))


def rewrites(used: Used) -> None:
    """Say what chat models used for rewriting prompts: apart from videos, unknown told as unknown."""
    if used.asked:
        cost = Paid(used.nano, used.unpriced)
        st.caption(
            _(
                "Rewrites by chat models: {count}, tokens: {tokens} ({unknown} told none), cost: {cost}"
                " ({unpriced} of unknown price). Not in the figures above."
            ).format(
                count=f"{used.asked:,}",
                tokens=tokens(used.total_tokens),
                unknown=f"{used.unknown:,}",
                cost=sums_said(cost.amounts) or _("unknown"),
                unpriced=f"{cost.unknown:,}",
            )
        )
