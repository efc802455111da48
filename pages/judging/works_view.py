"""How ratings are drawn: tables of means, few ones grey and said to be few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.compose_desk import reader
from pages.shared.compose_widgets import HELP
from pages.shared.i18n import N_
from pages.shared.i18n import gettext as _
from pages.shared.money_words import money_said
from pages.shared.plain import plain
from services.prompts.fields import LIST_OF
from services.prompts.vocabulary import say

if TYPE_CHECKING:
    from services.library.works import Keepers, Mean

SHOWN: Final = 8
PARTS: Final = {
    "model": N_("Model"),
    "looks": N_("Look"),
    "place.times": N_("Time of day"),
    "place.weather": N_("Weather and air"),
    "pace": N_("Pace and cuts"),
    "shots": N_("How much is seen"),
    "angles": N_("Angle"),
    "moves": N_("Camera move"),
    "lens": N_("Lens and focus"),
    "light": N_("Light"),
    "palette": N_("Colours"),
    "mood": N_("Mood"),
    "sound.bed": N_("Behind it all"),
    "sound.effects": N_("Single sounds and voices"),
    "sound.music": N_("Music, or none"),
}


def keepers(told: Keepers) -> None:
    """Show what a keeper (4 stars and more) takes; a cost that nobody knows is called unknown."""
    with st.container(horizontal=True):
        st.metric(_("Keepers (4 stars and more)"), f"{told.count:,}", help=_("In the last 90 days, the demo apart."))
        each = f"{told.made / told.count:.1f}" if told.count else _("unknown")
        st.metric(_("Prompts for one keeper"), each)
        tokens = _("unknown") if told.tokens_each is None else f"{told.tokens_each:,.0f}"
        st.metric(_("Tokens for one keeper"), tokens)
        if not told.cost_each:
            st.metric(_("Cost of one keeper"), _("unknown"), help=_("No price is known, and tokens are not the price."))
        for currency, each_cost in told.cost_each.items():
            more = _("{count} more have no known price.").format(count=f"{told.cost_unknown:,}")
            st.metric(
                _("Cost of one keeper"), money_said(each_cost, currency), help=more if told.cost_unknown else None
            )
    if told.tokens_each is not None and told.tokens_unknown:
        st.caption(
            _("{count} answers told no tokens, so it is more than that.").format(count=f"{told.tokens_unknown:,}")
        )


def by_value(values: Mapping[str, tuple[Mean, ...]]) -> None:
    """List what was asked for with its mean rating, part by part, two beside each other."""
    shown = [path for path in PARTS if path in values]
    columns = st.columns(2)
    for number, path in enumerate(shown):
        with columns[number % 2]:
            rows = [(_name(path, one.name), f"{one.mean:.1f} ★", one) for one in values[path][:SHOWN]]
            _table(_(PARTS[path]), _("Rating"), rows)
    if shown == ["model"]:
        st.caption(_("Looks, moves and light are listed here once you rate what was composed with fields."))


def by_change(changes: Mapping[str, tuple[Mean, ...]]) -> None:
    """List by how much a change of one field alone moved the rating."""
    if not changes:
        st.caption(_("Nothing yet: rate a video, begin from it with “Change one thing”, and rate what comes of it."))
    for field, means in changes.items():
        name = _("Model") if field == "model" else _(HELP[field].label)
        _table(name, _("Change"), [(one.name, f"{one.mean:+.1f} ★", one) for one in means[:SHOWN]])


def _table(name: str, head: str, rows: list[tuple[str, str, Mean]]) -> None:
    lines = [f"| {name} | {head} | {_('Times')} |", "|:--|--:|--:|"]
    lines += [
        f"| {_grey(plain(what, 90), one)} | {_grey(mean, one)} | {_grey(str(one.count), one)} |"
        for what, mean, one in rows
    ]
    st.markdown("\n".join(lines))


def _grey(text: str, one: Mean) -> str:
    return f":gray[{text}]" if one.few else text


def _name(path: str, value: str) -> str:
    return value if path == "model" else say(value, reader(), LIST_OF[path])
