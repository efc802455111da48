"""What is asked before a batch is left for the night: the hours, the cap, and one yes."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.actions import tried
from pages.shared.collections_view import send_to
from pages.shared.i18n import gettext as _
from pages.shared.i18n import ngettext
from pages.shared.money_words import expected_said
from pages.shared.night_words import span
from pages.shared.notice import notice
from pages.shared.plain import plain
from pages.shared.runtime import mine
from pages.shared.whole import whole
from pages.shared.words import endpoint_title
from pages.shared.zone import offset_minutes

if TYPE_CHECKING:
    from services.generations.batch import Ready
    from services.nights.planning import Cap, Hours

_NAME: Final = "night_hours"
_BEGINNING: Final = ("01:00", "07:00")


def night_form(batch: Ready) -> None:
    """Ask for hours and cap, and offer to plan the night; the question comes with the click."""
    _load()
    left, right = st.columns(2)
    left.time_input(_("Not before"), key="night-begin", on_change=_keep)
    right.time_input(_("Not after"), key="night-end", on_change=_keep)
    most = len(batch.rows)
    if st.session_state.get("night-for") != batch.id:  # another batch: all of it, unless it is said otherwise
        st.session_state["night-for"], st.session_state["night-most"] = batch.id, most
    left, right = st.columns(2)
    left.number_input(
        _("At most this many prompts"),
        1,
        most,
        key="night-most",
        help=_("The first so many are sent; the rest is not."),
    )
    right.number_input(
        _("Stop at this many tokens"),
        1,
        None,
        None,
        1000,
        key="night-tokens",
        placeholder=_("no limit"),
        help=_("Nothing new is sent once the answers have named so many; the last one may pass it."),
    )
    if not batch.endpoint.demo:
        _sums(batch)
    st.caption(_money(batch))
    st.button(
        ngettext("Leave {count} prompt for the night", "Leave {count} prompts for the night", most).format(count=most),
        key="night-plan",
        icon=":material/bedtime:",
        on_click=_ask,
    )
    if st.session_state.get("asking_night"):
        _question(batch)


def _money(batch: Ready) -> str:
    if batch.endpoint.demo:
        return _("The demo endpoint answers: this costs nothing.")
    paid = _paid_for()
    if paid is None:
        return _("What one costs is not known here: say it, and the night can stop at a sum.")
    most = min(paid, int(st.session_state["night-most"]))
    price = f"{st.session_state['night-price']:g}"
    return ngettext(
        "That is {count} prompt at most, if one costs {price}.",
        "That is {count} prompts at most, if one costs {price}.",
        most,
    ).format(count=most, price=price)


def _sums(batch: Ready) -> None:
    """Ask for a price and a sum; the price is the dearest one's by the person's own rules, where these tell."""
    if st.session_state.get("night-priced") != batch.id:  # another batch: its own price, unless it is said otherwise
        st.session_state["night-priced"] = batch.id
        dearest = mine().prices.dearest(batch)
        st.session_state["night-price"] = None if dearest is None else float(dearest.amount)
    left, right = st.columns(2)
    left.number_input(
        _("What one costs, if you know"),
        0.0,
        None,
        None,
        0.1,
        format="%.4g",
        key="night-price",
        help=_("The most that one of them may cost, in any currency."),
    )
    right.number_input(
        _("Stop before this sum is passed"),
        0.0,
        None,
        None,
        1.0,
        format="%.4g",
        key="night-sum",
        placeholder=_("no limit"),
        help=_("Only so many are sent as this sum surely pays for."),
    )


def _paid_for() -> int | None:
    """Return how many the sum pays for; None without a sum or a price."""
    from decimal import Decimal

    from services.nights.rules import prompts_for

    price, most = st.session_state.get("night-price"), st.session_state.get("night-sum")
    if not price or most is None:
        return None
    return prompts_for(Decimal(str(most)), Decimal(str(price)))


def _load() -> None:
    """Put the hours chosen last into the boxes of a new visit."""
    kept = _kept()
    for key, text in zip(("night-begin", "night-end"), kept, strict=True):
        if st.session_state.get(key) is None:
            st.session_state[key] = dt.time.fromisoformat(text)


def _kept() -> tuple[str, str]:
    try:
        begin, end = json.loads(mine().preferences.get(_NAME) or "[]")
        dt.time.fromisoformat(begin), dt.time.fromisoformat(end)
    except (TypeError, ValueError):
        return _BEGINNING
    return begin, end


@whole
def _keep() -> None:
    begin, end = st.session_state["night-begin"], st.session_state["night-end"]
    if begin and end:
        mine().preferences.set(_NAME, json.dumps([f"{begin:%H:%M}", f"{end:%H:%M}"]))


def _hours() -> Hours:
    from services.nights.hours import zone_of
    from services.nights.planning import Hours

    zone = zone_of(st.context.timezone, offset_minutes())
    return Hours(st.session_state["night-begin"], st.session_state["night-end"], zone)


def _cap() -> Cap:
    from services.nights.planning import Cap

    tokens, paid = st.session_state.get("night-tokens"), _paid_for()
    most = int(st.session_state["night-most"])
    return Cap(most if paid is None else min(most, paid), None if tokens is None else int(tokens))


def _first(batch: Ready, cap: Cap) -> Ready:
    """Return the part of a batch that the cap lets go."""
    from dataclasses import replace

    return replace(batch, rows=batch.rows[: cap.prompts])


@whole
def _ask() -> None:
    st.session_state.asking_night = True


@whole
def _forget() -> None:
    st.session_state.pop("asking_night", None)


@whole
def _plan(batch: Ready, hours: Hours, cap: Cap) -> None:
    """Plan the night; on refusal nothing of it is kept and all that was typed stays."""
    _forget()
    if tried(lambda: mine().nights.plan(batch, hours, cap, collection=send_to())):
        notice(_("Planned. The Queue shows it; you may close this page."))


def _question(batch: Ready) -> None:
    hours, cap = _hours(), _cap()
    count = cap.prompts

    @st.dialog(
        ngettext("Send {count} prompt at night?", "Send {count} prompts at night?", count).format(count=count),
        on_dismiss=_forget,
        icon=":material/bedtime:",
    )
    def ask() -> None:
        where = plain(endpoint_title(batch.endpoint), 60)
        models = ", ".join(f"{plain(model, 60)} ×{times}" for model, times in batch.models.items())
        st.markdown(_("To {endpoint}: {models}").format(endpoint=where, models=models))
        st.markdown(f"{span(*hours.next())} · {expected_said(mine().prices.expect_batch(_first(batch, cap)))}")
        st.markdown(
            _("One after the other; it stops at the cap, at the end of the hours, or after three like failures.")
        )
        with st.container(horizontal=True):
            label = _("Yes, plan {count}").format(count=count)
            yes = st.button(label, key="night-yes", type="primary", on_click=_plan, args=(batch, hours, cap))
            no = st.button(_("No"), key="night-no", on_click=_forget)
        if yes or no:
            st.rerun()  # a dialog runs by itself: the page below learns of the click only so

    ask()
