"""Old costs computed anew: an act of its own with a reason, written down, never done by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.money_words import nanos_said
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import moment
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.usage.repricing import Repricing

_MOST: Final = 5_000
"""How many rows a click may take: some ten seconds. The command has no such limit."""
_SHOWN: Final = 10


def reprice_form() -> None:
    """Ask which and why; list what was done before."""
    with st.expander(_("Compute old costs anew"), icon=":material/calculate:"):
        st.markdown(
            _(
                "What has ended keeps the cost it had then. Here you may have it computed again by the prices above,"
                " for the day each was sent. Every row keeps what it was, and this list keeps the reason."
            )
        )
        st.toggle(_("Also those that have a cost already"), key="reprice-all")
        st.text_input(_("Reason"), key="reprice-reason", max_chars=500, placeholder=_("The price was typed wrongly"))
        st.button(_("Compute them anew"), key="reprice", icon=":material/calculate:", on_click=_reprice)
        st.caption(
            _("At most {count} at once; for more: `python3 run.py reprice --reason …`").format(count=f"{_MOST:,}")
        )
        for one in mine().prices.repricings(_SHOWN):
            st.caption(_told(one))


def _told(one: Repricing) -> str:
    when = moment(one.began_at, offset_minutes())
    count = ngettext("{count} cost changed", "{count} costs changed", one.changed).format(count=f"{one.changed:,}")
    sums = f"{nanos_said(one.before) or '–'} → {nanos_said(one.after) or '–'}"
    return f"{when} · {count} · {sums} · {plain(one.reason, 200)}"


@whole
def _reprice() -> None:
    from services.usage.repricing import Scope

    done: list[Repricing] = []
    scope = Scope(only_unpriced=not st.session_state.get("reprice-all"), most=_MOST)
    reason = st.session_state.get("reprice-reason") or ""
    if tried(lambda: done.append(mine().prices.reprice(scope, by="page", reason=reason))):
        count = done[0].changed
        notice(ngettext("{count} cost changed.", "{count} costs changed.", count).format(count=f"{count:,}"))
