"""What can be done to several unhappy generations at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.rescue_actions import bring_back, dismiss, fetch_again, mark, pick_all, picked, send_again
from pages.shared.runtime import mine
from pages.shared.whole import whole


def bulk_bar(ids: Sequence[str]) -> None:
    """Show the buttons for whatever is ticked; each says how many."""
    chosen = picked(ids)
    all_ticked = len(chosen) == len(ids)
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        st.button(
            _("Select none") if all_ticked else _("Select all"),
            key="pick-all",
            icon=":material/deselect:" if all_ticked else ":material/select_all:",
            on_click=pick_all,
            args=(ids,),
        )
        label = ngettext("{count} selected", "{count} selected", len(chosen)).format(count=len(chosen))
        st.caption(label, width="content")
    if chosen:  # not in a popover: it would lie over the question
        with st.container(horizontal=True, key="with-selected"):
            _buttons(chosen)
    if asking := st.session_state.get("asking_many"):
        _ask(asking)


def _buttons(chosen: list[str]) -> None:
    for key, label, icon, act, more in (
        ("fetch", _("Try to save the videos"), "refresh", fetch_again, ()),
        ("yes", _("These were charged"), "payments", mark, ("yes",)),
        ("no", _("These were not charged"), "money_off", mark, ("no",)),
        ("done", _("I'm done with these"), "archive", dismiss, ()),
        ("again", _("Send again"), "replay", send_again, ()),
    ):
        st.button(label, key=f"many-{key}", icon=f":material/{icon}:", on_click=act, args=(chosen, *more))


@whole
def _forget() -> None:
    st.session_state.pop("asking_many", None)


def _ask(ids: list[str]) -> None:
    @st.dialog(_("Send them again?"), on_dismiss=_forget, icon=":material/payments:")
    def question() -> None:
        risky = mine().rescue.may_be_charged_twice(ids)
        st.markdown(
            ngettext("{count} prompt would be sent again.", "{count} prompts would be sent again.", len(ids)).format(
                count=len(ids)
            )
        )
        st.markdown(
            ngettext(
                "{count} of them may be charged a second time.", "{count} of them may be charged a second time.", risky
            ).format(count=risky)
        )
        with st.container(horizontal=True):
            yes = st.button(
                _("Yes, send {count} again").format(count=len(ids)),
                key="many-again-yes",
                type="primary",
                on_click=send_again,
                args=(ids,),
                kwargs={"confirmed": True},
            )
            no = st.button(_("No"), key="many-again-no", on_click=_forget)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    question()


def undo_bar() -> None:
    """Offer to take back what was put away last."""
    ids = st.session_state.get("put_away")
    if not ids:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="put-away"):
        st.markdown(
            ngettext("{count} prompt is off this list.", "{count} prompts are off this list.", len(ids)).format(
                count=len(ids)
            ),
            width="stretch",
        )
        st.button(_("Undo"), key="undo-done", icon=":material/undo:", on_click=bring_back, args=(ids,))
