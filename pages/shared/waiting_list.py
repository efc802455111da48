"""What waits on the Queue page: single prompts one by one, a batch as one group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import to_front
from pages.shared.batch_actions import cancel_rest
from pages.shared.cards import badge, waiting_actions
from pages.shared.i18n import gettext as _
from pages.shared.place_words import place_line
from pages.shared.plain import plain, shortened
from services.generations.batch import Part, batch_of

if TYPE_CHECKING:
    from services.generations import Generation
    from services.generations.line import Place

_SHOWN: Final = 10


def waiting_list(waiting: Sequence[Generation], places: dict[str, Place]) -> None:
    """Show what waits in the order it will be sent; a batch stands where its first prompt does."""
    groups: dict[str, list[Generation]] = {}
    for one in waiting:
        part = batch_of(one)
        groups.setdefault(part.id if part else one.id, []).append(one)
    for group in groups.values():
        part = batch_of(group[0])
        if part:
            _show_batch(part, group, places)
        else:
            _show_one(group[0], places.get(group[0].id), first=group[0] is waiting[0])


def _show_one(generation: Generation, place: Place | None, *, first: bool) -> None:
    with st.container(border=True, key=f"waiting-{generation.id}"):
        st.text(shortened(generation.prompt, 160))
        badge(generation)
        if place is not None:
            st.caption(place_line(place))
        with st.container(horizontal=True):
            waiting_actions(generation)
            if generation.state == "queued" and not first:
                st.button(
                    _("To the front"),
                    key=f"front-{generation.id}",
                    icon=":material/vertical_align_top:",
                    on_click=to_front,
                    args=(generation.id,),
                )


def _show_batch(part: Part, group: Sequence[Generation], places: dict[str, Place]) -> None:
    """Show how much of a batch still waits, the next few of it, and one button for the rest."""
    with st.container(border=True, key=f"batch-{part.id}"):
        said = _("{waiting} of {all} in this batch still wait.").format(waiting=len(group), all=part.of)
        st.markdown(f"**{plain(part.name, 80)}** · {said}" if part.name else said)
        badge(group[0])
        if place := places.get(group[0].id):
            st.caption(f"{_('The next one')}: {place_line(place)}")
        with st.expander(_("The next ones")):
            for one in group[:_SHOWN]:
                st.text(shortened(one.prompt, 160))
        st.button(
            _("Cancel the rest"),
            key=f"rest-{part.id}",
            icon=":material/playlist_remove:",
            on_click=cancel_rest,
            args=(part.id,),
        )
