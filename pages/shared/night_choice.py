"""What a night shift may send: drafts put aside, what lies on Create, and clips of a reel marked "again"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.compose_desk import desk
from pages.shared.i18n import gettext as _
from pages.shared.i18n import language
from pages.shared.plain import shortened
from pages.shared.runtime import mine
from services.errors import NotFoundError
from services.prompts.composing import desk_of
from services.prompts.desk import Desk
from services.prompts.many import Item
from services.prompts.vocabulary import language_of

if TYPE_CHECKING:
    from services.generations.batch import Ready
    from services.prompts.checked import Checked


def choose_prompts() -> Checked[Ready] | None:
    """Show what can be chosen; return the chosen checked as a batch, None while nothing is chosen."""
    there = _there()
    if not there:
        st.info(
            _("Put drafts aside on Create, or plan a batch on Several at once: both can wait for the night."),
            icon=":material/bedtime:",
        )
        return None
    wanted = [id for id in st.session_state.get("night-chosen", ()) if id in there]
    st.session_state["night-chosen"] = wanted or [id for id in there if id.startswith("again-")]
    chosen = st.multiselect(
        _("Prompts for the night, in the order they shall go"),
        list(there),
        key="night-chosen",
        format_func=lambda id: shortened(there[id].text, 90),
        placeholder=_("Choose drafts"),
    )
    if not chosen:
        return None
    items = [_item(there[id]) for id in chosen]
    again = ",".join([id for id in chosen if id.startswith("again-")] + [st.session_state.get("again", "")]).strip(",")
    return mine().batches.check(items, again=again, language=language_of(language()))


def _there() -> dict[str, Desk]:
    """Return what can be chosen, by a name that stays."""
    on_create = desk()
    found = {"create": on_create} if on_create.text.strip() else {}
    found |= {one.id: one.desk for one in mine().aside.all()}
    for id in st.session_state.get("reel_again", ()):
        try:
            found[f"again-{id}"] = desk_of(mine().generations.get(id))
        except NotFoundError:
            continue
    return found


def _item(on_it: Desk) -> Item:
    fields = on_it.composition.fields
    return Item(on_it.text, fields.controls, fields=fields, picture=on_it.picture, remix=on_it.remix)
