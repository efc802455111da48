"""The tables of the Usage page: one group a line, tokens with what was not told, money with sure and maybe apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import streamlit as st

from pages.shared.address import from_address, into_address
from pages.shared.figures_table import NONE, figures_table
from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.people import sees_everybody
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from pages.shared.usage_words import endpoint_names, paid, tokens, unknown
from pages.shared.words import LABELS
from services.usage.figures import Figures, counts, grouped

if TYPE_CHECKING:
    from services.usage.reading import Span, UsageSum

SHOWN: Final = 100
Groups: TypeAlias = Mapping[str, Figures]
BY: Final = {
    "model": N_("Model"),
    "endpoint": N_("Endpoint"),
    "day": N_("Day"),
    "collection": N_("Collection"),
    "state": N_("State"),
    "person": N_("Person"),
}
SHELVES: Final = {"kept": N_("In the Library"), "trash": N_("In the trash"), "gone": N_("Deleted for ever")}
HEADS: Final = (
    *(N_("Prompts"), N_("Tokens"), N_("Told none"), N_("Charged"), N_("Maybe charged"), N_("Price unknown")),
)


def told_by() -> str:
    """Return what the reader chose to have the figures told by."""
    return from_address("by", _choices(), "model")


def breakdown(span: Span, real: Sequence[UsageSum], by: str, daily: Sequence[UsageSum]) -> None:
    """Show the figures `by` what the reader chose. `real`: the sums of all the time; `daily`: those of each day."""
    st.segmented_control(
        _("By"),
        _choices(),
        key="by",
        required=True,
        on_change=into_address,
        args=("by", "model"),
        format_func=lambda one: _(BY[one]),
    )
    used = [one for one in real if counts(one)]
    if by == "collection":
        _by_collection(span)
    elif by == "person":
        me = mine().owner
        _table(
            "by", _("Person"), _by(_everybody(span), lambda one: _("You") if one.line.owner == me else one.line.owner)
        )
    elif by == "state":
        _by_state(real)
    elif by == "endpoint":
        names = endpoint_names(used)
        _table("by", _("Endpoint"), _by(used, lambda one: one.line.endpoint_id), names)
    elif by == "day":
        _by_day(span, daily)
    else:
        _table("by", _("Model"), _by(used, lambda one: one.line.model))


def _choices() -> list[str]:
    return [one for one in BY if one != "person" or sees_everybody()]


def maybe_charged(used: Sequence[UsageSum]) -> None:
    """List what may have been charged, by how it ended, and where to say what the bill says."""
    open_ = [one for one in used if one.line.certainty == "maybe"]
    if not open_:
        return
    st.subheader(_("Maybe charged"), anchor=False)
    st.caption(_("These went wrong after they were sent. Only the provider's bill tells whether they cost something."))
    _table("maybe", _("How it ended"), _by(open_, lambda one: _(LABELS[one.line.state])))
    st.page_link("rescue.py", label=_("Say what the bill says"), icon=":material/receipt_long:")


def shelves(used: Sequence[UsageSum]) -> None:
    """Show how much of the above lies in the trash or is deleted; all of it was used all the same."""
    groups = grouped(used, lambda one: one.line.shelf)
    if set(groups) <= {"kept"}:
        return
    st.subheader(_("Where they are now"), anchor=False)
    st.caption(_("What is in the trash or deleted was used all the same: it stays in every figure above."))
    ordered = {shelf: groups[shelf] for shelf in SHELVES if shelf in groups}
    _table("where", _("Where"), ordered, {shelf: _(name) for shelf, name in SHELVES.items()})


def demo_table(demo: Sequence[UsageSum]) -> None:
    """Show the demo's figures by model: there is no money in them."""
    heads = [_("Model"), _("Prompts"), _("Tokens"), _("Told none")]
    groups = _by(demo, lambda one: one.line.model)
    figures_table("usage-demo", heads, [[shortened(name, 60), *_counts(of)] for name, of in groups.items()])


def _by_state(real: Sequence[UsageSum]) -> None:
    """Show each state, those never sent beside them: they are in no other figure."""
    never = _("Never sent")
    groups = _by(real, lambda one: _(LABELS[one.line.state]) if counts(one) else never)
    _table("by", _("State"), groups)
    if never in groups:
        st.caption(_("What was never sent cost nothing and is in no other figure."))


def _by_day(span: Span, daily: Sequence[UsageSum]) -> None:
    pattern = "%Y-%m" if span.by_month else "%Y-%m-%d"
    days = {str(bucket): day.strftime(pattern) for bucket, day in enumerate(span.days)}
    groups = grouped((one for one in daily if counts(one) and not one.line.demo), lambda one: one.bucket)
    latest = {str(one): groups[one] for one in sorted(groups, reverse=True)}
    _table("by", _("Month") if span.by_month else _("Day"), latest, days)


def _by_collection(span: Span) -> None:
    sums, names = mine().usage.by_collection(span.whole)
    used = [one for one in sums if counts(one) and not one.line.demo]
    if not used:
        st.caption(_("Nothing of this time lies in a collection."))
        return
    _table("by", _("Collection"), _by(used, lambda one: names.get(one.line.collection_seq, "")))
    st.caption(_("A prompt in two collections counts in both; what was deleted for ever is in none."))


def _everybody(span: Span) -> list[UsageSum]:
    sums = mine().usage.sums(span.whole, everybody=True)
    return [one for one in sums if counts(one) and not one.line.demo]


def _by(sums: Sequence[UsageSum], key: Callable[[UsageSum], str]) -> dict[str, Figures]:
    """Return the groups, those with most prompts first."""
    groups = grouped(sums, key)
    return dict(sorted(groups.items(), key=lambda item: (-item[1].generations, item[0])))


def _table(key: str, head: str, groups: Groups, names: Mapping[str, str] | None = None) -> None:
    """Draw a line for each group."""
    lines = [
        [shortened((names or {}).get(name, name), 60), *_counts(of), paid(of.sure), paid(of.maybe), unknown(of)]
        for name, of in list(groups.items())[:SHOWN]
    ]
    figures_table(f"usage-{key}", [head, *(_(each) for each in HEADS)], lines)
    if len(groups) > SHOWN:
        st.caption(_("The first {count}; the download has them all.").format(count=SHOWN))


def _counts(of: Figures) -> list[str]:
    missing = f"{of.total.missing:,}" if of.total.missing else NONE
    return [f"{of.generations:,}", tokens(of.total), missing]
