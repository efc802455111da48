"""The read-back card: what one will see and hear, how long it lasts, what it costs, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.compose_desk import reader
from pages.shared.i18n import gettext as _
from pages.shared.money_words import amounts_said
from pages.shared.plain import plain
from pages.shared.send_price import expectation
from services.prompts.read_back import read_back

if TYPE_CHECKING:
    from services.endpoint.views import EndpointView
    from services.prompts.desk import Desk
    from services.prompts.findings import Context

ICONS: Final = {
    "begins": "image",
    "see": "visibility",
    "style": "palette",
    "camera": "videocam",
    "happens": "format_list_numbered",
    "hear": "graphic_eq",
    "say": "chat_bubble",
    "read": "title",
    "avoid": "block",
    "lasts": "schedule",
    "costs": "payments",
}


def read_back_card(on_it: Desk, context: Context, chosen: EndpointView) -> None:
    """Show the card once it is opened; what is not known is said to be unknown."""
    card = st.expander(_("Read it back to me"), key="read-back", icon=":material/fact_check:", on_change="rerun")
    if not card.open:
        return
    begins = on_it.picture is not None
    told = expectation(chosen)
    lines = read_back(
        on_it.composition,
        reader(),
        seconds=context.seconds,
        cost=amounts_said(told) if told.amounts and not told.unknown else None,
        most=told.kind == "at_most",
        free=told.free,
        picture=begins,
    )
    said = [
        f":material/{ICONS[line.kind]}: "
        + _(line.sentence).format(**{name: plain(value, 400) for name, value in line.params.items()})
        for line in lines
    ]
    card.markdown("\n\n".join(said))
